"""The page of sign-up: allauth's form, safe against the same address twice at the same moment."""

from typing import Any

from allauth.account.forms import SignupForm
from django.db import IntegrityError, transaction
from django.http import HttpRequest

from accounts.models import User


class RegisteringForm(SignupForm):
    """Whoever loses the race for an address is answered as everybody is who has an account already."""

    def try_save(self, request: HttpRequest) -> Any:
        try:
            with transaction.atomic():
                return super().try_save(request)
        except IntegrityError:
            if not User.objects.filter(email=self.cleaned_data["email"].strip().lower()).exists():
                raise
            self.account_already_exists = True
            return super().try_save(request)
