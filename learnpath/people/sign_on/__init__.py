"""Signing in with an account that the school has elsewhere: OpenID Connect, for any issuer by configuration.

``providers`` reads the file of issuers, ``fetch`` asks them things, ``desk`` keeps what each issuer says about
itself, ``token`` checks what it says about a person, ``flow`` is the way there and back, and ``accounts`` ties an
account to a person. Nobody is made a person here, and no claim gives anybody a right.
"""
