/// The functions of the language that SQL does not have, defined for PostgreSQL.
public enum FunctionLibrary {
    /// The statements that define them in a schema, which must exist. Running them again changes nothing.
    public static func sqlDefinitions(schema: String) -> [String] {
        let name = SQLLiteral.identifier(schema)
        return (arithmetic + codes + texts).map { $0.replacing("@schema@", with: name) }
    }

    /// What every one of them is: the result depends on the arguments only, and any process may compute it.
    private static let purely = "IMMUTABLE PARALLEL SAFE"

    private static let arithmetic = [
        """
        CREATE OR REPLACE FUNCTION @schema@.bounded(x numeric) RETURNS numeric
        LANGUAGE plpgsql \(purely) STRICT AS $function$
        BEGIN
            RETURN CASE WHEN abs(x) < 1e24 THEN x ELSE 'NaN' END;
        END $function$
        """,
        // div() is exact on the whole numbers that come of it; a / b would have been rounded once already.
        """
        CREATE OR REPLACE FUNCTION @schema@.quotient(a numeric, b numeric) RETURNS numeric
        LANGUAGE plpgsql \(purely) STRICT AS $function$
        DECLARE
            units numeric;
        BEGIN
            IF a = 'NaN' OR b = 'NaN' OR b = 0 THEN
                RETURN 'NaN';
            END IF;
            units := div(abs(a) * 20000000000 + abs(b), 2 * abs(b));
            IF units >= 1e34 THEN
                RETURN 'NaN';
            END IF;
            RETURN sign(a) * sign(b) * units * 0.0000000001;
        END $function$
        """,
        """
        CREATE OR REPLACE FUNCTION @schema@.null_if(a numeric, b numeric) RETURNS numeric
        LANGUAGE plpgsql \(purely) AS $function$
        BEGIN
            RETURN CASE WHEN a IS NULL THEN NULL WHEN b IS NULL THEN a WHEN a = 'NaN' OR b = 'NaN' THEN 'NaN'
                WHEN a = b THEN NULL ELSE a END;
        END $function$
        """,
        // 0 false, 1 failed, 2 unknown, 3 true.
        """
        CREATE OR REPLACE FUNCTION @schema@.between(x numeric, low numeric, high numeric) RETURNS integer
        LANGUAGE plpgsql \(purely) AS $function$
        BEGIN
            RETURN LEAST(
                CASE WHEN x IS NULL OR low IS NULL THEN 2 WHEN x = 'NaN' OR low = 'NaN' THEN 1 WHEN x >= low THEN 3
                    ELSE 0 END,
                CASE WHEN x IS NULL OR high IS NULL THEN 2 WHEN x = 'NaN' OR high = 'NaN' THEN 1 WHEN x <= high THEN 3
                    ELSE 0 END);
        END $function$
        """,
        """
        CREATE OR REPLACE FUNCTION @schema@.is_distinct(a numeric, b numeric) RETURNS integer
        LANGUAGE plpgsql \(purely) AS $function$
        BEGIN
            RETURN CASE WHEN a = 'NaN' OR b = 'NaN' THEN 1 WHEN a IS DISTINCT FROM b THEN 3 ELSE 0 END;
        END $function$
        """,
    ]

    private static let codes = [
        // GB 11714: weights 3 7 9 10 5 8 4 2; 11 less the remainder, 10 as X and 11 as 0.
        """
        CREATE OR REPLACE FUNCTION @schema@.org_code_check(code text) RETURNS boolean
        LANGUAGE plpgsql \(purely) STRICT AS $function$
        DECLARE
            total integer := 0;
        BEGIN
            IF code COLLATE "C" !~ '^[0-9A-Z]{8}[0-9X]$' THEN
                RETURN FALSE;
            END IF;
            FOR i IN 1..8 LOOP
                total := total + (ARRAY[3, 7, 9, 10, 5, 8, 4, 2])[i]
                    * (strpos('0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ', substr(code, i, 1)) - 1);
            END LOOP;
            RETURN substr(code, 9, 1) = substr('0X987654321', total % 11 + 1, 1);
        END $function$
        """,
        // GB 18937: 869 and eleven digits; the check digit of GB 12904.
        """
        CREATE OR REPLACE FUNCTION @schema@.standard_code_check(code text) RETURNS boolean
        LANGUAGE plpgsql \(purely) STRICT AS $function$
        DECLARE
            total integer := 0;
        BEGIN
            IF code COLLATE "C" !~ '^869[0-9]{11}$' THEN
                RETURN FALSE;
            END IF;
            FOR i IN 1..13 LOOP
                total := total + CASE i % 2 WHEN 1 THEN 3 ELSE 1 END * substr(code, i, 1)::integer;
            END LOOP;
            RETURN substr(code, 14, 1)::integer = (10 - total % 10) % 10;
        END $function$
        """,
        // GB 32100: 31 characters, weights 3 to the power of the place, modulo 31.
        """
        CREATE OR REPLACE FUNCTION @schema@.credit_code_check(code text) RETURNS boolean
        LANGUAGE plpgsql \(purely) STRICT AS $function$
        DECLARE
            letters CONSTANT text := '0123456789ABCDEFGHJKLMNPQRTUWXY';
            total integer := 0;
            place integer;
        BEGIN
            IF char_length(code) <> 18 THEN
                RETURN FALSE;
            END IF;
            FOR i IN 1..17 LOOP
                place := strpos(letters, substr(code, i, 1));
                IF place = 0 THEN
                    RETURN FALSE;
                END IF;
                total := total + (place - 1)
                    * (ARRAY[1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28])[i];
            END LOOP;
            RETURN substr(code, 18, 1) = substr(letters, (31 - total % 31) % 31 + 1, 1);
        END $function$
        """,
    ]

    private static let texts = [
        """
        CREATE OR REPLACE FUNCTION @schema@.canonical_text(given text) RETURNS text
        LANGUAGE sql \(purely) STRICT AS $function$
            SELECT translate(given, \(SQLLiteral.quoted(foldedFrom)), \(SQLLiteral.quoted(foldedTo)))
        $function$
        """,
        // The pairs of both texts in one list, each with its number among its equals: what meets has both sides.
        """
        CREATE OR REPLACE FUNCTION @schema@.similarity(a text, b text) RETURNS numeric
        LANGUAGE plpgsql \(purely) STRICT AS $function$
        DECLARE
            x CONSTANT text := @schema@.canonical_text(a);
            y CONSTANT text := @schema@.canonical_text(b);
            total integer;
            common integer;
        BEGIN
            IF x = y THEN
                RETURN 1;
            END IF;
            total := GREATEST(char_length(x) - 1, 0) + GREATEST(char_length(y) - 1, 0);
            IF total = 0 THEN
                RETURN 0;
            END IF;
            SELECT COALESCE(sum(LEAST(of_x, of_y)), 0) INTO common
            FROM (
                SELECT count(*) FILTER (WHERE is_x) AS of_x, count(*) FILTER (WHERE NOT is_x) AS of_y
                FROM (
                    SELECT substr(x, i, 2) COLLATE "C" AS pair, TRUE AS is_x
                    FROM generate_series(1, char_length(x) - 1) AS i
                    UNION ALL
                    SELECT substr(y, i, 2) COLLATE "C", FALSE FROM generate_series(1, char_length(y) - 1) AS i
                ) AS pairs
                GROUP BY pair
            ) AS counted;
            RETURN round(2.0 * common / total, 4);
        END $function$
        """,
    ]

    /// Full-width forms and capitals, then blanks, for which there is nothing in `foldedTo`.
    private static let foldedFrom: String = {
        var text = String.UnicodeScalarView()
        for value in 0x41...0x5A { append(value, to: &text) }
        for value in 0xFF01...0xFF5E { append(value, to: &text) }
        for value in 1...0x3000 where CanonicalText.isBlank(UInt32(value)) { append(value, to: &text) }
        return String(text)
    }()

    private static let foldedTo: String = {
        var text = String.UnicodeScalarView()
        for value in 0x41...0x5A { append(value + 0x20, to: &text) }
        for value in 0xFF01...0xFF5E { append(Int(CanonicalText.folded(UInt32(value))), to: &text) }
        return String(text)
    }()

    private static func append(_ value: Int, to text: inout String.UnicodeScalarView) {
        if let scalar = Unicode.Scalar(value) { text.append(scalar) }
    }
}
