/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-saved-server"

#include "config.h"

#include "alcove-saved-server.h"

#include <string.h>

#include <glib/gi18n.h>

#include "alcove-protocols.h"

/* Bounds of what is read back: settings are a file that anything may have written. */
#define MAX_TEXT 2048

/**
 * AlcoveSavedServer:
 *
 * A server that a person keeps, with all that its protocol needs. Does not change; an edited
 * one is another object with the same key.
 */
struct _AlcoveSavedServer {
  GObject parent_instance;

  char *key;
  char *name;
  char *protocol;
  char *address;
  AlcoveRole role;
  char *id;
};

G_DEFINE_FINAL_TYPE (AlcoveSavedServer, alcove_saved_server, G_TYPE_OBJECT)

static void
alcove_saved_server_finalize (GObject *object)
{
  AlcoveSavedServer *self = ALCOVE_SAVED_SERVER (object);

  g_free (self->key);
  g_free (self->name);
  g_free (self->protocol);
  g_free (self->address);
  g_free (self->id);

  G_OBJECT_CLASS (alcove_saved_server_parent_class)->finalize (object);
}

static void
alcove_saved_server_class_init (AlcoveSavedServerClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = alcove_saved_server_finalize;
}

static void
alcove_saved_server_init (AlcoveSavedServer *self)
{
}

/**
 * alcove_saved_server_new:
 * @key: (nullable): what it is known by; %NULL for a new one
 * @name: what the person calls it; empty for its address
 * @protocol: a protocol id
 * @address: its address, as typed
 * @role: our role there
 * @id: (nullable): our id there, if the person has chosen one
 *
 * Returns: (transfer full): a server to keep
 */
AlcoveSavedServer *
alcove_saved_server_new (const char *key,
                         const char *name,
                         const char *protocol,
                         const char *address,
                         AlcoveRole role,
                         const char *id)
{
  AlcoveSavedServer *self = g_object_new (ALCOVE_TYPE_SAVED_SERVER, NULL);

  self->key = key != NULL ? g_strdup (key) : g_uuid_string_random ();
  self->name = g_strdup (name != NULL && *name != '\0' ? name : address);
  self->protocol = g_strdup (protocol);
  self->address = g_strdup (address);
  self->role = role;
  self->id = g_strdup (id != NULL ? id : "");
  return self;
}

static const char *
lookup (GVariant *variant,
        const char *key)
{
  const char *text = NULL;

  return g_variant_lookup (variant, key, "&s", &text) && strlen (text) <= MAX_TEXT ? text : "";
}

/**
 * alcove_saved_server_from_variant:
 * @variant: of type `a{sv}`, from the settings
 *
 * Returns: (transfer full) (nullable): the server, or %NULL if @variant holds none
 */
AlcoveSavedServer *
alcove_saved_server_from_variant (GVariant *variant)
{
  const char *key = lookup (variant, "key");
  const char *protocol = lookup (variant, "protocol");
  const char *address = lookup (variant, "address");

  if (*key == '\0' || *address == '\0' || alcove_protocols_find (protocol) == NULL)
    return NULL;

  return alcove_saved_server_new (key, lookup (variant, "name"), protocol, address,
                                  g_str_equal (lookup (variant, "role"), "dispatcher")
                                      ? ALCOVE_ROLE_DISPATCHER
                                      : ALCOVE_ROLE_MEMBER,
                                  lookup (variant, "id"));
}

/**
 * alcove_saved_server_to_variant:
 * @self: a server
 *
 * Returns: (transfer floating): what alcove_saved_server_from_variant() reads
 */
GVariant *
alcove_saved_server_to_variant (AlcoveSavedServer *self)
{
  GVariantDict dict;

  g_variant_dict_init (&dict, NULL);
  g_variant_dict_insert (&dict, "key", "s", self->key);
  g_variant_dict_insert (&dict, "name", "s", self->name);
  g_variant_dict_insert (&dict, "protocol", "s", self->protocol);
  g_variant_dict_insert (&dict, "address", "s", self->address);
  if (self->role == ALCOVE_ROLE_DISPATCHER)
    g_variant_dict_insert (&dict, "role", "s", "dispatcher");
  if (*self->id != '\0')
    g_variant_dict_insert (&dict, "id", "s", self->id);
  return g_variant_dict_end (&dict);
}

/**
 * alcove_saved_server_get_key:
 * @self: a server
 *
 * Returns: (transfer none): what it is known by
 */
const char *
alcove_saved_server_get_key (AlcoveSavedServer *self)
{
  return self->key;
}

/**
 * alcove_saved_server_get_name:
 * @self: a server
 *
 * Returns: (transfer none): what the person calls it; plain text
 */
const char *
alcove_saved_server_get_name (AlcoveSavedServer *self)
{
  return self->name;
}

/**
 * alcove_saved_server_get_protocol:
 * @self: a server
 *
 * Returns: (transfer none): its protocol's id
 */
const char *
alcove_saved_server_get_protocol (AlcoveSavedServer *self)
{
  return self->protocol;
}

/**
 * alcove_saved_server_get_address:
 * @self: a server
 *
 * Returns: (transfer none): its address, as typed
 */
const char *
alcove_saved_server_get_address (AlcoveSavedServer *self)
{
  return self->address;
}

/**
 * alcove_saved_server_get_role:
 * @self: a server
 *
 * Returns: our role there
 */
AlcoveRole
alcove_saved_server_get_role (AlcoveSavedServer *self)
{
  return self->role;
}

/**
 * alcove_saved_server_get_id:
 * @self: a server
 *
 * Returns: (transfer none): our id there; empty for one of the signaller's own
 */
const char *
alcove_saved_server_get_id (AlcoveSavedServer *self)
{
  return self->id;
}

/**
 * alcove_saved_server_matches:
 * @self: a server
 * @protocol: (nullable): a protocol id
 * @address: (nullable): an address, as typed
 * @role: a role
 * @id: (nullable): an id
 *
 * Returns: whether this is where these lead
 */
gboolean
alcove_saved_server_matches (AlcoveSavedServer *self,
                             const char *protocol,
                             const char *address,
                             AlcoveRole role,
                             const char *id)
{
  return g_strcmp0 (self->protocol, protocol) == 0 && g_strcmp0 (self->address, address) == 0
         && self->role == role && g_strcmp0 (self->id, id != NULL ? id : "") == 0;
}

/**
 * alcove_saved_server_dup_subtitle:
 * @self: a server
 *
 * Returns: (transfer full): its protocol and where it is; plain text
 */
char *
alcove_saved_server_dup_subtitle (AlcoveSavedServer *self)
{
  const AlcoveProtocol *protocol = alcove_protocols_find (self->protocol);

  if (protocol->has_roles)
    return g_strdup_printf ("%s, %s · %s", _(protocol->title),
                            self->role == ALCOVE_ROLE_DISPATCHER ? _("Dispatcher") : _("Guest"),
                            self->address);
  return g_strdup_printf ("%s · %s", _(protocol->title), self->address);
}
