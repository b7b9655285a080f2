"""What the accounts' acts are called in the audit trail."""

from django.utils.translation import gettext_lazy as _

ACTS = {
    "affiliation.appoint": _("Gave a position in an organization"),
    "affiliation.ask": _("Asked to join an organization"),
    "affiliation.confirm": _("Confirmed a member of an organization"),
    "affiliation.decline": _("Declined a member of an organization"),
    "affiliation.end": _("Ended a membership in an organization"),
    "affiliation.place": _("Gave a place in an organization"),
    "consent.give": _("Gave consent"),
    "consent.withdraw": _("Withdrew consent"),
    "group.add": _("Added to a group"),
    "group.end": _("Took out of a group"),
    "invitation.accept": _("Accepted an invitation"),
    "invitation.resend": _("Sent an invitation again"),
    "invitation.send": _("Sent an invitation"),
    "invitation.withdraw": _("Withdrew an invitation"),
    "person.ask_erasure": _("Asked for an account to be erased"),
    "person.change_profile": _("Changed a profile"),
    "person.disable": _("Disabled an account"),
    "person.enable": _("Enabled an account"),
    "person.erase": _("Erased an account"),
    "person.export": _("Asked for a copy of their data"),
    "person.keep": _("Made or updated an account by command"),
    "person.sign_up": _("Signed up"),
    "role.grant": _("Gave a role"),
    "role.withdraw": _("Took a role away"),
    "second_factor.reset": _("Reset a second factor"),
    "session.end": _("Signed out devices"),
    "token.revoke": _("Revoked an API token"),
}
