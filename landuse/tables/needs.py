"""Which columns of the files a derived fact comes from: what an office must fill in for it to be known."""

from __future__ import annotations

__all__ = ["NEEDS"]

NEEDS: dict[str, tuple[str, ...]] = {
    "state_construction": ("ownership", "land_use"),
    "fixed_wan_per_mu": ("fixed_invest_wan",),
    "total_wan_per_mu": ("total_invest_wan",),
    "output_wan_per_mu": ("output_wan",),
    "tax_wan_per_mu": ("tax_wan",),
    "far": ("floor_area_m2",),
    "building_ratio": ("footprint_m2",),
    "start_state": ("started_on",),
    "start_agreed": ("start_due",),
    "days_past_start": ("start_due",),
    "full_years_past_start": ("start_due",),
    "days_past_signed": ("signed_on",),
    "full_years_past_signed": ("signed_on",),
    "days_past_handover": ("handed_over_on",),
    "full_years_past_handover": ("handed_over_on",),
    "days_handed_over_late": ("handover_due", "handed_over_on"),
    "days_past_finish": ("finish_due",),
    "suspend_state": ("suspended_on",),
    "days_suspended": ("suspended_on",),
    "full_years_suspended": ("suspended_on",),
    "developed_ratio": ("developed_m2", "due_development_m2"),
    "invested_ratio": ("invested_wan", "planned_wan"),
}
"""By fact, the columns as read; a fact that is not named here is a column itself, or has its own headers."""
