"""Seconds that DuckDB's read_csv takes for the five files of a folder, types declared, rejects kept, all cores."""

import sys
import time

import duckdb

SHARED = {"report_date": "DATE", "province_code": "VARCHAR", "org_code": "VARCHAR", "hospital_code": "VARCHAR", "hospital_name": "VARCHAR"}
DRUG = {"ypid": "VARCHAR", "hospital_drug_code": "VARCHAR", "procurement_code": "VARCHAR", "product_name": "VARCHAR"}
AMOUNT = {"amount": "DECIMAL(16,2)"}
QUANTITIES = {"pack_quantity": "DECIMAL(18,4)", "dose_quantity": "DECIMAL(18,4)"}
TABLES = {
    "institution": SHARED | {"annual_drug_income": "DECIMAL(16,2)", "bed_count": "INTEGER", "unit_head": "VARCHAR", "stats_head": "VARCHAR"},
    "catalogue": SHARED
    | {name: "VARCHAR" for name in ("ypid", "hospital_drug_code", "procurement_code", "generic_name", "product_name", "trade_name",
       "trade_name_en", "approval_number", "manufacturer", "dosage_form", "strength", "dosage_unit", "pack_unit")}
    | {"conversion_factor": "DECIMAL(12,4)", "is_essential": "SMALLINT", "is_central_procurement": "SMALLINT", "is_consistency_evaluated": "SMALLINT"},
    "stock_in": SHARED | DRUG | AMOUNT | QUANTITIES,
    "stock_out": SHARED | DRUG | QUANTITIES,
    "usage": SHARED | DRUG | AMOUNT | QUANTITIES,
}

folder = sys.argv[1]
connection = duckdb.connect()
began = time.perf_counter()
for table, columns in TABLES.items():
    connection.execute(
        f"CREATE TABLE \"{table}\" AS SELECT * FROM read_csv('{folder}/{table}.csv', header = true, auto_detect = false,"
        f" delim = ',', quote = '\"', escape = '\"', columns = {columns!r}, store_rejects = true, dateformat = '%Y%m%d')"
    )
print(f"{time.perf_counter() - began:.2f}")
