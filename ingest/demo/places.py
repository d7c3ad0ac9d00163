"""Where things stand in the town: public geography, degrees of WGS 84."""

from __future__ import annotations

PLACES: dict[str, tuple[float, float]] = {
    "Stora torget": (58.4108, 15.6216),
    "Domkyrkan": (58.4114, 15.6169),
    "Stångån": (58.4125, 15.6300),
    "Stångebro": (58.4157, 15.6290),
    "Tannefors": (58.4040, 15.6500),
    "Gottfridsberg": (58.4110, 15.5980),
    "Hunnebergsgatan": (58.4118, 15.6190),
    "Kinda kanal": (58.4060, 15.6330),
    "Trädgårdsföreningen": (58.4060, 15.6215),
    "S:t Larsgatan": (58.4100, 15.6235),
    "Järnvägsstationen": (58.4164, 15.6254),
    "Storgatan": (58.4104, 15.6250),
    "Nygatan": (58.4088, 15.6225),
    "Drottninggatan": (58.4076, 15.6230),
    "Ågatan": (58.4110, 15.6262),
    "Läroverket": (58.4069, 15.6190),
    "Slottet": (58.4121, 15.6151),
    "Rådhuset": (58.4097, 15.6178),
    "Vasastaden": (58.4175, 15.6160),
    "Ramshäll": (58.4000, 15.6250),
    "Barnhemsgatan": (58.4085, 15.6255),
    "Gamla Linköping": (58.4070, 15.5890),
    "Hospitalstorget": (58.4096, 15.6275),
    "Malmslätt": (58.4130, 15.5060),
    "S:t Lars kyrka": (58.4098, 15.6240),
    "Tannefors slussar": (58.4032, 15.6421),
}
