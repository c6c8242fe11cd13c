from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('credit', '0013_addresses'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='customer',
            options={'permissions': [('view_all_customers', 'Can see the customers of every salesperson'), ('classify_customer', 'Can change segment, terms and status of customers')], 'verbose_name': 'customer', 'verbose_name_plural': 'customers'},
        ),
    ]
