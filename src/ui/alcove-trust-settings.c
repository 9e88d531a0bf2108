/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-trust-settings"

#include "config.h"

#include "alcove-trust-settings.h"

#define KEY "certificates"
#define TYPE "a(susu)"

/* Keeps the accepted certificates in the settings, for as long as the list of them lives. */

typedef struct {
  AlcoveTrust *trust;
  GSettings *settings;
  gboolean busy;
} Keeper;

static void
load (Keeper *keeper)
{
  g_autoptr (GVariant) list = g_settings_get_value (keeper->settings, KEY);
  g_autoptr (AlcoveTrustEntry) last = NULL;
  GVariantIter iter;
  const char *host, *fingerprint;
  guint32 port, problems;

  if (keeper->busy)
    return;

  keeper->busy = TRUE;
  while ((last = g_list_model_get_item (G_LIST_MODEL (keeper->trust), 0)) != NULL)
    {
      alcove_trust_remove (keeper->trust, last);
      g_clear_object (&last);
    }
  g_variant_iter_init (&iter, list);
  while (g_variant_iter_next (&iter, "(&su&su)", &host, &port, &fingerprint, &problems))
    {
      g_autofree char *parsed = alcove_trust_fingerprint_parse (fingerprint);
      g_autoptr (AlcoveTrustEntry) entry = NULL;

      if (parsed == NULL)
        continue;
      entry = alcove_trust_entry_new (host, port, parsed, problems & G_TLS_CERTIFICATE_VALIDATE_ALL);
      alcove_trust_add (keeper->trust, entry);
    }
  keeper->busy = FALSE;
}

static void
store (Keeper *keeper)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (keeper->trust));
  GVariantBuilder builder;

  if (keeper->busy)
    return;

  g_variant_builder_init (&builder, G_VARIANT_TYPE (TYPE));
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (AlcoveTrustEntry) entry = g_list_model_get_item (G_LIST_MODEL (keeper->trust), i);

      g_variant_builder_add (&builder, "(susu)", alcove_trust_entry_get_host (entry),
                             (guint32) alcove_trust_entry_get_port (entry),
                             alcove_trust_entry_get_fingerprint (entry),
                             (guint32) alcove_trust_entry_get_problems (entry));
    }
  keeper->busy = TRUE;
  g_settings_set_value (keeper->settings, KEY, g_variant_builder_end (&builder));
  keeper->busy = FALSE;
}

static void
keeper_free (gpointer data)
{
  Keeper *keeper = data;

  g_signal_handlers_disconnect_by_data (keeper->settings, keeper);
  g_object_unref (keeper->settings);
  g_free (keeper);
}

/**
 * alcove_trust_settings_new:
 * @settings: the program's settings
 *
 * Returns: (transfer full): the certificates accepted in them; what is added to the list, or
 *   taken off it, is kept. Several of these over the same settings hold the same
 */
AlcoveTrust *
alcove_trust_settings_new (GSettings *settings)
{
  AlcoveTrust *trust = alcove_trust_new ();
  Keeper *keeper = g_new0 (Keeper, 1);

  keeper->trust = trust;
  keeper->settings = g_object_ref (settings);
  load (keeper);
  g_signal_connect_swapped (trust, "items-changed", G_CALLBACK (store), keeper);
  g_signal_connect_swapped (settings, "changed::" KEY, G_CALLBACK (load), keeper);
  g_object_set_data_full (G_OBJECT (trust), "alcove-trust-settings", keeper, keeper_free);
  return trust;
}
