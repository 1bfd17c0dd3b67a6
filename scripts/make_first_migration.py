"""Write the first migration anew from all models. Only until the first release: then it is frozen."""

from __future__ import annotations

import fcntl
import subprocess
import sys
import tempfile
from pathlib import Path

from alembic.autogenerate import produce_migrations, render_python_code
from alembic.runtime.migration import MigrationContext

from learnpath.db import make_engine
from learnpath.models import complete_metadata

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "migrations" / "versions" / "0001_the_house.py"
HEAD = '''"""The house: every room's tables, and the guards of the record.

Revision ID: 0001
Revises:
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import learnpath.db

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# An event is never changed and never deleted. The one thing that may happen to it is a lawful erasure:
# its payload gives way to a tombstone, and its hashes stay. The same holds for the words of a goal's version
# and for the signatures below them: what somebody signed stays what they signed.
SQLITE_GUARDS = (
    """
    CREATE TRIGGER event_is_never_changed BEFORE UPDATE ON event
    WHEN NOT (
        new.payload = '"erased"' AND new.id = old.id AND new.chain = old.chain AND new.seq = old.seq
        AND new.at = old.at AND new.school_id = old.school_id
        AND new.learner_id IS old.learner_id AND new.actor_id IS old.actor_id
        AND new.relation = old.relation AND new.decided_by = old.decided_by AND new.verb = old.verb
        AND new.object_type = old.object_type AND new.object_id = old.object_id
        AND new.payload_sha256 = old.payload_sha256 AND new.previous_hash = old.previous_hash
        AND new.hash = old.hash
    )
    BEGIN SELECT RAISE(ABORT, 'the record is append-only'); END
    """,
    """
    CREATE TRIGGER event_is_never_deleted BEFORE DELETE ON event
    BEGIN SELECT RAISE(ABORT, 'the record is append-only'); END
    """,
    """
    CREATE TRIGGER goal_version_is_never_changed BEFORE UPDATE ON goal_version
    WHEN NOT (
        new.what = '"erased"' AND new.id = old.id AND new.goal_id = old.goal_id
        AND new.learner_id = old.learner_id AND new.number = old.number
        AND new.author_id = old.author_id AND new.relation = old.relation AND new.at = old.at
        AND new.sha256 = old.sha256
    )
    BEGIN SELECT RAISE(ABORT, 'a version of a goal is never changed'); END
    """,
    """
    CREATE TRIGGER goal_version_is_never_deleted BEFORE DELETE ON goal_version
    BEGIN SELECT RAISE(ABORT, 'a version of a goal is never deleted'); END
    """,
    """
    CREATE TRIGGER goal_signature_is_never_changed BEFORE UPDATE ON goal_signature
    BEGIN SELECT RAISE(ABORT, 'a signature is never changed'); END
    """,
    """
    CREATE TRIGGER goal_signature_is_never_deleted BEFORE DELETE ON goal_signature
    BEGIN SELECT RAISE(ABORT, 'a signature is never deleted'); END
    """,
)
POSTGRESQL_GUARDS = (
    """
    CREATE FUNCTION event_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'UPDATE' AND NEW.payload = '"erased"'
            AND to_jsonb(NEW) - 'payload' = to_jsonb(OLD) - 'payload' THEN
            RETURN NEW;
        END IF;
        RAISE EXCEPTION 'the record is append-only';
    END $$
    """,
    """
    CREATE TRIGGER event_is_never_changed BEFORE UPDATE OR DELETE ON event
    FOR EACH ROW EXECUTE FUNCTION event_is_append_only()
    """,
    """
    CREATE TRIGGER event_is_never_emptied BEFORE TRUNCATE ON event
    FOR EACH STATEMENT EXECUTE FUNCTION event_is_append_only()
    """,
    """
    CREATE FUNCTION goal_words_stand() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'UPDATE' AND TG_TABLE_NAME = 'goal_version' THEN
            IF NEW.what = '"erased"'
                AND (NEW.id, NEW.goal_id, NEW.learner_id, NEW.number, NEW.author_id, NEW.relation,
                     NEW.at, NEW.sha256)
                    IS NOT DISTINCT FROM
                    (OLD.id, OLD.goal_id, OLD.learner_id, OLD.number, OLD.author_id, OLD.relation,
                     OLD.at, OLD.sha256) THEN
                RETURN NEW;
            END IF;
        END IF;
        RAISE EXCEPTION 'versions and signatures of a goal are never changed';
    END $$
    """,
    """
    CREATE TRIGGER goal_version_is_never_changed BEFORE UPDATE OR DELETE ON goal_version
    FOR EACH ROW EXECUTE FUNCTION goal_words_stand()
    """,
    """
    CREATE TRIGGER goal_version_is_never_emptied BEFORE TRUNCATE ON goal_version
    FOR EACH STATEMENT EXECUTE FUNCTION goal_words_stand()
    """,
    """
    CREATE TRIGGER goal_signature_is_never_changed BEFORE UPDATE OR DELETE ON goal_signature
    FOR EACH ROW EXECUTE FUNCTION goal_words_stand()
    """,
    """
    CREATE TRIGGER goal_signature_is_never_emptied BEFORE TRUNCATE ON goal_signature
    FOR EACH STATEMENT EXECUTE FUNCTION goal_words_stand()
    """,
)


def _guards() -> tuple[str, ...]:
    return SQLITE_GUARDS if op.get_bind().dialect.name == "sqlite" else POSTGRESQL_GUARDS


def upgrade() -> None:
'''


def main() -> int:
    """Render create_table for all tables and put the guards of the record behind them."""
    with (
        (TARGET.parent / ".lock").open("w") as lock,
        tempfile.TemporaryDirectory() as folder,
    ):
        fcntl.flock(lock, fcntl.LOCK_EX)
        metadata = complete_metadata()
        engine = make_engine(f"sqlite:///{folder}/empty.db")
        with engine.connect() as connection:
            context = MigrationContext.configure(connection)
            script = produce_migrations(context, metadata)
        assert script.upgrade_ops
        assert script.downgrade_ops
        up = render_python_code(script.upgrade_ops)
        down = render_python_code(script.downgrade_ops)
        text = HEAD + _indented(up) + GUARD_CALL + "\n\ndef downgrade() -> None:\n"
        text += DROP_GUARDS + _indented(down)
        TARGET.write_text(text + "\n", encoding="utf-8")
        subprocess.run([sys.executable, "-m", "ruff", "format", "-q", str(TARGET)], check=True)
        subprocess.run(
            [sys.executable, "-m", "ruff", "check", "-q", "--fix", "--exit-zero", str(TARGET)],
            check=True,
        )
    return 0


GUARD_CALL = "\n    for guard in _guards():\n        op.execute(guard)\n"
DROP_GUARDS = """    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP TRIGGER event_is_never_changed ON event")
        op.execute("DROP TRIGGER event_is_never_emptied ON event")
        op.execute("DROP FUNCTION event_is_append_only()")
        for table in ("goal_version", "goal_signature"):
            op.execute(f"DROP TRIGGER {table}_is_never_changed ON {table}")
            op.execute(f"DROP TRIGGER {table}_is_never_emptied ON {table}")
        op.execute("DROP FUNCTION goal_words_stand()")
"""


def _indented(code: str) -> str:
    return code if code.startswith("    ") else "    " + code


if __name__ == "__main__":
    raise SystemExit(main())
