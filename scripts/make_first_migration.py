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
# its payload gives way to a tombstone, and its hashes stay.
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
"""


def _indented(code: str) -> str:
    return code if code.startswith("    ") else "    " + code


if __name__ == "__main__":
    raise SystemExit(main())
