/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-trust"

#include "config.h"

#include "alcove-trust.h"

#include <glib/gi18n.h>

#include "alcove-error.h"

#define DEFAULT_PORT 443

/**
 * AlcoveTrust:
 *
 * The certificates that a person accepts although this computer can't verify them: a
 * #GListModel of #AlcoveTrustEntry. An exception holds for one certificate at one
 * host and port; any other certificate there is refused anew. It keeps nothing by itself:
 * whoever owns it may watch `items-changed`.
 *
 * Transports ask it by alcove_trust_judge(), and it remembers the last one
 * that it refused, for whoever explains a connection's failure to a person.
 */
struct _AlcoveTrust {
  GObject parent_instance;

  GPtrArray *entries;
  /* fingerprints, wherever they show up; not in the list */
  GPtrArray *fingerprints;
  AlcoveTrustEntry *refused;
};

static void alcove_trust_list_model_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (AlcoveTrust,
                               alcove_trust,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL,
                                                      alcove_trust_list_model_init))

static guint
port_of (GUri *uri)
{
  int port = g_uri_get_port (uri);

  return port > 0 ? (guint) port : DEFAULT_PORT;
}

static gboolean
equal_cb (gconstpointer a,
          gconstpointer b)
{
  return alcove_trust_entry_equal (ALCOVE_TRUST_ENTRY ((gpointer) a),
                                   ALCOVE_TRUST_ENTRY ((gpointer) b));
}

static GType
alcove_trust_get_item_type (GListModel *model)
{
  return ALCOVE_TYPE_TRUST_ENTRY;
}

static guint
alcove_trust_get_n_items (GListModel *model)
{
  return ALCOVE_TRUST (model)->entries->len;
}

static gpointer
alcove_trust_get_item (GListModel *model,
                       guint position)
{
  AlcoveTrust *self = ALCOVE_TRUST (model);

  return position < self->entries->len ? g_object_ref (self->entries->pdata[position]) : NULL;
}

static void
alcove_trust_list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = alcove_trust_get_item_type;
  iface->get_n_items = alcove_trust_get_n_items;
  iface->get_item = alcove_trust_get_item;
}

static void
alcove_trust_finalize (GObject *object)
{
  AlcoveTrust *self = ALCOVE_TRUST (object);

  g_ptr_array_unref (self->entries);
  g_ptr_array_unref (self->fingerprints);
  g_clear_object (&self->refused);

  G_OBJECT_CLASS (alcove_trust_parent_class)->finalize (object);
}

static void
alcove_trust_class_init (AlcoveTrustClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = alcove_trust_finalize;
}

static void
alcove_trust_init (AlcoveTrust *self)
{
  self->entries = g_ptr_array_new_with_free_func (g_object_unref);
  self->fingerprints = g_ptr_array_new_with_free_func (g_free);
}

/**
 * alcove_trust_new:
 *
 * Returns: (transfer full): a list without exceptions
 */
AlcoveTrust *
alcove_trust_new (void)
{
  return g_object_new (ALCOVE_TYPE_TRUST, NULL);
}

/**
 * alcove_trust_add:
 * @self: the exceptions
 * @entry: one that a person has seen and accepted
 *
 * Adds @entry, unless it is there already. At %ALCOVE_TRUST_MAX_ENTRIES the oldest goes.
 */
void
alcove_trust_add (AlcoveTrust *self,
                  AlcoveTrustEntry *entry)
{
  if (g_ptr_array_find_with_equal_func (self->entries, entry, equal_cb, NULL))
    return;

  if (self->entries->len == ALCOVE_TRUST_MAX_ENTRIES)
    {
      g_ptr_array_remove_index (self->entries, 0);
      g_list_model_items_changed (G_LIST_MODEL (self), 0, 1, 0);
    }

  g_ptr_array_add (self->entries, g_object_ref (entry));
  g_list_model_items_changed (G_LIST_MODEL (self), self->entries->len - 1, 0, 1);
}

/**
 * alcove_trust_remove:
 * @self: the exceptions
 * @entry: one that is not accepted any more
 */
void
alcove_trust_remove (AlcoveTrust *self,
                     AlcoveTrustEntry *entry)
{
  guint index;

  if (!g_ptr_array_find_with_equal_func (self->entries, entry, equal_cb, &index))
    return;

  g_ptr_array_remove_index (self->entries, index);
  g_list_model_items_changed (G_LIST_MODEL (self), index, 1, 0);
}

/**
 * alcove_trust_add_fingerprint:
 * @self: the exceptions
 * @fingerprint: a SHA-256 fingerprint, as typed
 * @error: %ALCOVE_ERROR_FAILED if @fingerprint is none
 *
 * Accepts one certificate whichever server shows it, for as long as @self lives and
 * without listing it: what a command line says for one run.
 *
 * Returns: whether @fingerprint was one
 */
gboolean
alcove_trust_add_fingerprint (AlcoveTrust *self,
                              const char *fingerprint,
                              GError **error)
{
  char *parsed = alcove_trust_fingerprint_parse (fingerprint);

  if (parsed == NULL)
    {
      g_set_error (error, ALCOVE_ERROR, ALCOVE_ERROR_FAILED,
                   _ ("“%s” is no fingerprint of a certificate: SHA-256 has 64 hexadecimal "
                      "digits."),
                   fingerprint);
      return FALSE;
    }

  g_ptr_array_add (self->fingerprints, parsed);
  return TRUE;
}

/**
 * alcove_trust_judge:
 * @self: (nullable): the exceptions; %NULL for none
 * @uri: where a connection goes
 * @certificate: what the server shows
 * @problems: why it can't be verified
 *
 * Returns: whether it is accepted all the same; if not, it is the last refused one
 */
gboolean
alcove_trust_judge (AlcoveTrust *self,
                    GUri *uri,
                    GTlsCertificate *certificate,
                    GTlsCertificateFlags problems)
{
  g_autofree char *fingerprint = alcove_trust_fingerprint_of (certificate);
  g_autoptr (AlcoveTrustEntry) entry
      = alcove_trust_entry_new (g_uri_get_host (uri), port_of (uri), fingerprint, problems);

  if (self == NULL)
    return FALSE;

  if (g_ptr_array_find_with_equal_func (self->entries, entry, equal_cb, NULL)
      || g_ptr_array_find_with_equal_func (self->fingerprints, fingerprint, g_str_equal, NULL))
    return TRUE;

  g_set_object (&self->refused, entry);
  return FALSE;
}

/**
 * alcove_trust_is_exception:
 * @self: the exceptions
 * @uri: where a connection goes
 *
 * Returns: whether any certificate is accepted there that could not be verified
 */
gboolean
alcove_trust_is_exception (AlcoveTrust *self,
                           GUri *uri)
{
  for (guint i = 0; i < self->entries->len; i++)
    {
      AlcoveTrustEntry *entry = self->entries->pdata[i];

      if (alcove_trust_entry_get_port (entry) == port_of (uri)
          && g_ascii_strcasecmp (alcove_trust_entry_get_host (entry), g_uri_get_host (uri)) == 0)
        return TRUE;
    }

  return FALSE;
}

/**
 * alcove_trust_get_refused:
 * @self: the exceptions
 *
 * Returns: (transfer none) (nullable): the certificate that was refused last, if any was since
 *   alcove_trust_clear_refused()
 */
AlcoveTrustEntry *
alcove_trust_get_refused (AlcoveTrust *self)
{
  return self->refused;
}

/**
 * alcove_trust_clear_refused:
 * @self: the exceptions
 *
 * Forgets what was refused, before something new is tried.
 */
void
alcove_trust_clear_refused (AlcoveTrust *self)
{
  g_clear_object (&self->refused);
}
