"""The roster that another system sends, as OneRoster CSV 1.1 and 1.2: read, checked, planned, applied.

``read`` knows files and bytes, ``check`` what a row may say, ``present`` what is there already,
``plan`` the difference of the two, ``apply`` how the difference is made. The rules come from the
OneRoster CSV tables of 1EdTech and from what real sets do to them; docs/roster.md tells both.
"""
