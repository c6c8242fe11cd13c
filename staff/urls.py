from django.urls import path

from staff import views
from staff.absence import views as absence

app_name = "staff"
urlpatterns = [
    path("sign-in/", views.sign_in, name="sign_in"),
    path("sign-out/", views.sign_out, name="sign_out"),
    path("profile/", views.profile, name="profile"),
    path("profile/absences/", absence.set_absence, name="set_absence"),
    path("profile/absences/<int:pk>/end/", absence.end_absence, name="end_absence"),
    path("profile/password/", views.change_password, name="change_password"),
]
