"""Routes of models."""

from typing import Final

from lisa.http.models.looking import router as model_looks
from lisa.http.models.metadata import router as model_metadata
from lisa.http.models.routes import router as models
from lisa.http.models.schedules import router as model_schedules

MODELS: Final = (model_metadata, model_schedules, model_looks, models)
