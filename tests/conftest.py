"""What holds for every test: generated cases have no deadline, since no test may depend on how busy the machine is."""

from hypothesis import settings

settings.register_profile("without-deadline", deadline=None)
settings.load_profile("without-deadline")
