extension Migration {
    /// Who works on what, and which nights have been.
    static let workers = Migration(
        15, "workers",
        """
        -- A process that works. It lives while its session holds a lock with its number and its heart beats; times are
        -- the database's own, so that clocks of machines do not matter.
        CREATE TABLE yaoce.worker (
            worker_id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            name text NOT NULL,
            started_at timestamptz NOT NULL DEFAULT clock_timestamp(),
            heartbeat_at timestamptz NOT NULL DEFAULT clock_timestamp(),
            -- After so many seconds without a heartbeat its work is given to others.
            patience double precision NOT NULL,
            ended_at timestamptz
        );
        CREATE SEQUENCE yaoce.claim_token;
        CREATE TABLE yaoce.claim (
            submission_id integer PRIMARY KEY,
            worker_id integer NOT NULL,
            -- Another one for each claim: what a worker that lost its claim writes late is refused by it.
            token bigint NOT NULL,
            claimed_at timestamptz NOT NULL DEFAULT clock_timestamp()
        );
        CREATE INDEX claim_worker ON yaoce.claim (worker_id);

        CREATE VIEW yaoce.live_worker AS
        SELECT w.worker_id, w.name FROM yaoce.worker w
        WHERE w.ended_at IS NULL AND w.heartbeat_at > clock_timestamp() - make_interval(secs => w.patience)
            AND EXISTS (SELECT FROM pg_locks l WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 2
                AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
                AND l.classid::bigint = 2037474659 AND l.objid::bigint = w.worker_id);

        -- The nights of the timetable, each once.
        CREATE TABLE yaoce.slot (
            slot timestamptz PRIMARY KEY,
            -- The run that did it; of a night that was missed, the run that caught up.
            run_id integer,
            begun_at timestamptz NOT NULL,
            finished_at timestamptz,
            is_caught_up boolean NOT NULL DEFAULT false
        );

        CREATE VIEW yaoce_api.worker AS
        SELECT w.worker_id, w.name, w.started_at, w.heartbeat_at, w.ended_at, l.worker_id IS NOT NULL AS is_alive,
            (SELECT count(*) FROM yaoce.claim c WHERE c.worker_id = w.worker_id) AS claims
        FROM yaoce.worker w LEFT JOIN yaoce.live_worker l USING (worker_id);
        CREATE VIEW yaoce_api.slot AS SELECT slot, run_id, begun_at, finished_at, is_caught_up FROM yaoce.slot;
        """)
}
