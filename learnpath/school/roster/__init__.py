"""The roster that another system sends, as OneRoster CSV 1.1 and 1.2: read, checked, planned, applied.

``read`` finds the files and ``rows`` their rows, ``check`` says what a row may say, ``present`` what is there
already, ``differ`` finds the difference of the two, ``plan`` tells it, ``apply`` makes it. ``check_*``, ``differ_*``
and ``apply_*`` are the parts of each by what they are about. The rules come from the OneRoster CSV tables of
1EdTech and from what real sets do to them; docs/roster.md tells both.
"""
