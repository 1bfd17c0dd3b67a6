"""Goals: co-created, co-signed and coached; the weekly check-in; progress told honestly.

``slope``, ``trend``, ``smart`` and ``picture`` are pure cores: no database, no Flask.
"""
