extension Migration {
    /// Reference libraries in versions, and the benchmarks made from loaded rows.
    static let libraries = Migration(
        4, "libraries",
        """
        CREATE TABLE yaoce.library_version (
            id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            kind text NOT NULL CHECK (kind IN ('drugs', 'institutions', 'divisions')),
            version text NOT NULL,
            imported_at timestamptz NOT NULL,
            published_at timestamptz,
            is_current boolean NOT NULL DEFAULT false,
            rows bigint NOT NULL,
            sha256 bytea NOT NULL,
            UNIQUE (kind, version),
            CHECK (published_at IS NOT NULL OR NOT is_current)
        );
        CREATE UNIQUE INDEX library_version_current ON yaoce.library_version (kind) WHERE is_current;

        CREATE TABLE yaoce.library_institution (
            version_id integer NOT NULL,
            line integer NOT NULL,
            hospital_code text NOT NULL,
            org_code text NOT NULL,
            name text NOT NULL,
            level smallint NOT NULL,
            grade smallint,
            division_code text NOT NULL,
            city text,
            county text,
            is_primary boolean NOT NULL,
            must_report boolean NOT NULL,
            -- Fen.
            declared_income bigint,
            valid_from date,
            valid_to date,
            lead_hospital_code text,
            extra jsonb,
            PRIMARY KEY (version_id, hospital_code)
        );

        CREATE TABLE yaoce.library_drug (
            version_id integer NOT NULL,
            line integer NOT NULL,
            ypid text NOT NULL,
            nhsa_code text,
            standard_code text,
            approval_number text,
            generic_name text,
            product_name text NOT NULL,
            trade_name text,
            manufacturer text,
            holder text,
            category text,
            dosage_form text,
            strength text,
            dosage_unit text,
            pack_unit text,
            -- × 10⁴, prices too.
            conversion_factor bigint,
            is_essential boolean,
            is_central_procurement boolean,
            list_price bigint,
            award_price bigint,
            status text,
            valid_from date,
            valid_to date,
            successor_ypid text,
            extra jsonb,
            PRIMARY KEY (version_id, ypid)
        );

        CREATE TABLE yaoce.library_division (
            version_id integer NOT NULL,
            line integer NOT NULL,
            division_code text NOT NULL,
            name text NOT NULL,
            valid_from date,
            valid_to date,
            extra jsonb,
            PRIMARY KEY (version_id, division_code)
        );

        -- The versions in force as one text, `drugs=v2025.1;institutions=v2025.1`.
        CREATE FUNCTION yaoce.current_libraries() RETURNS text LANGUAGE sql STABLE AS $$
            SELECT coalesce(string_agg(kind || '=' || version, ';' ORDER BY kind), '')
            FROM yaoce.library_version WHERE is_current
        $$;

        CREATE TABLE yaoce.price_benchmark (
            period_key integer NOT NULL,
            ypid text NOT NULL,
            benchmark_version text NOT NULL,
            institutions integer NOT NULL,
            rows bigint NOT NULL,
            median numeric(18, 4),
            mode numeric(18, 4),
            mean numeric(18, 4),
            sd numeric(18, 4),
            mad_log double precision,
            p5 numeric(18, 4),
            p95 numeric(18, 4),
            PRIMARY KEY (period_key, ypid, benchmark_version)
        );
        """)
}
