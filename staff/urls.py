from django.urls import path

from staff import views
from staff.absence import views as absence
from staff.api import pages as keys
from staff.second_step import views as second_step

app_name = "staff"
urlpatterns = [
    path("sign-in/", views.sign_in, name="sign_in"),
    path("sign-in/code/", second_step.sign_in_code, name="sign_in_code"),
    path("sign-out/", views.sign_out, name="sign_out"),
    path("profile/", views.profile, name="profile"),
    path("profile/absences/", absence.set_absence, name="set_absence"),
    path("profile/absences/<int:pk>/end/", absence.end_absence, name="end_absence"),
    path("api-keys/", keys.key_list, name="api_keys"),
    path("api-keys/new/", keys.key_new, name="api_key_new"),
    path("api-keys/<int:pk>/", keys.key_detail, name="api_key"),
    path("api-keys/<int:pk>/rotate/", keys.key_rotate, name="api_key_rotate"),
    path("api-keys/<int:pk>/revoke/", keys.key_revoke, name="api_key_revoke"),
    path("profile/second-step/", second_step.second_step, name="second_step"),
    path("profile/second-step/on/", second_step.turn_on, name="second_step_on"),
    path("profile/second-step/off/", second_step.turn_off, name="second_step_off"),
    path("profile/second-step/codes/", second_step.renew_codes, name="second_step_codes"),
    path("profile/password/", views.change_password, name="change_password"),
]
