"""Words that a made region is told in, in three languages."""

from random import Random

_NAMES = (
    ("Harbour", "Alster", "Fjord", "Calanque", "Northern", "Green", "Quiet", "Bright", "Deep",
     "Swift"),
    ("Sensor", "Energy", "Logistics", "Robotics", "Water", "Mobility", "Health", "Data",
     "Materials", "Charging"),
    ("Works", "Systems", "Lab", "Technik", "Conseil", "Partners", "Institute", "Solutions"),
)  # fmt: skip
_WORDS = {
    "en": ("measures water", "for ferries", "at the quay", "with sensors", "saves energy",
           "in old buildings", "without digging", "for care homes", "by drone", "on the last mile",
           "learns from use", "for small towns", "in ten minutes", "below five degrees"),
    "de": ("misst Wasser", "für Fähren", "am Kai", "mit Sensoren", "spart Energie",
           "in alten Gebäuden", "ohne Graben", "für Pflegeheime", "mit Drohnen",
           "auf der letzten Meile", "lernt aus der Nutzung", "für kleine Städte",
           "in zehn Minuten", "unter fünf Grad"),
    "fr": ("mesure l’eau", "pour les ferries", "à quai", "avec des capteurs", "économise l’énergie",
           "dans les bâtiments anciens", "sans tranchée", "pour les maisons de retraite",
           "par drone", "sur le dernier kilomètre", "apprend de l’usage", "pour les petites villes",
           "en dix minutes", "sous cinq degrés"),
}  # fmt: skip


class Words:
    """Makes names, titles and sentences."""

    def name(self, chance: Random) -> str:
        """Return what an organisation could be called."""
        return " ".join(chance.choice(part) for part in _NAMES)

    def title(self, lang: str, chance: Random) -> str:
        """Return a title."""
        said = " ".join(chance.sample(_WORDS[lang], 3))
        return said[0].upper() + said[1:]

    def sentence(self, lang: str, chance: Random) -> str:
        """Return a sentence."""
        said = ", ".join(chance.sample(_WORDS[lang], 4))
        return f"{said[0].upper()}{said[1:]}."

    def text(self, lang: str, chance: Random, sentences: int) -> str:
        """Return so many sentences."""
        return " ".join(self.sentence(lang, chance) for _ in range(sentences))
