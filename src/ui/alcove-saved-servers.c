/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-saved-servers"

#include "config.h"

#include "alcove-saved-servers.h"

#define KEY "servers"

/**
 * AlcoveSavedServers:
 *
 * The servers that a person keeps: a #GListModel of #AlcoveSavedServer over the settings.
 * Several of these over the same settings show the same.
 */
struct _AlcoveSavedServers {
  GObject parent_instance;

  GSettings *settings;
  GPtrArray *servers;
};

static void alcove_saved_servers_list_model_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (AlcoveSavedServers,
                               alcove_saved_servers,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL,
                                                      alcove_saved_servers_list_model_init))

static GType
alcove_saved_servers_get_item_type (GListModel *model)
{
  return ALCOVE_TYPE_SAVED_SERVER;
}

static guint
alcove_saved_servers_get_n_items (GListModel *model)
{
  return ALCOVE_SAVED_SERVERS (model)->servers->len;
}

static gpointer
alcove_saved_servers_get_item (GListModel *model,
                               guint position)
{
  AlcoveSavedServers *self = ALCOVE_SAVED_SERVERS (model);

  return position < self->servers->len ? g_object_ref (self->servers->pdata[position]) : NULL;
}

static void
alcove_saved_servers_list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = alcove_saved_servers_get_item_type;
  iface->get_n_items = alcove_saved_servers_get_n_items;
  iface->get_item = alcove_saved_servers_get_item;
}

static void
load (AlcoveSavedServers *self)
{
  g_autoptr (GVariant) list = g_settings_get_value (self->settings, KEY);
  guint before = self->servers->len;
  GVariantIter iter;
  GVariant *child;

  g_ptr_array_set_size (self->servers, 0);
  g_variant_iter_init (&iter, list);
  while ((child = g_variant_iter_next_value (&iter)) != NULL)
    {
      AlcoveSavedServer *server = alcove_saved_server_from_variant (child);

      g_variant_unref (child);
      if (server != NULL && self->servers->len < ALCOVE_SAVED_SERVERS_MAX)
        g_ptr_array_add (self->servers, server);
      else
        g_clear_object (&server);
    }
  g_list_model_items_changed (G_LIST_MODEL (self), 0, before, self->servers->len);
}

/* The list itself follows by the signal of the settings, as it does in every other one. */
static void
store (AlcoveSavedServers *self,
       GPtrArray *servers)
{
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("aa{sv}"));
  for (guint i = 0; i < servers->len; i++)
    g_variant_builder_add_value (&builder, alcove_saved_server_to_variant (servers->pdata[i]));
  g_settings_set_value (self->settings, KEY, g_variant_builder_end (&builder));
}

static void
alcove_saved_servers_dispose (GObject *object)
{
  AlcoveSavedServers *self = ALCOVE_SAVED_SERVERS (object);

  if (self->settings != NULL)
    g_signal_handlers_disconnect_by_data (self->settings, self);
  g_clear_object (&self->settings);

  G_OBJECT_CLASS (alcove_saved_servers_parent_class)->dispose (object);
}

static void
alcove_saved_servers_finalize (GObject *object)
{
  g_ptr_array_unref (ALCOVE_SAVED_SERVERS (object)->servers);

  G_OBJECT_CLASS (alcove_saved_servers_parent_class)->finalize (object);
}

static void
alcove_saved_servers_class_init (AlcoveSavedServersClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = alcove_saved_servers_dispose;
  G_OBJECT_CLASS (klass)->finalize = alcove_saved_servers_finalize;
}

static void
alcove_saved_servers_init (AlcoveSavedServers *self)
{
  self->servers = g_ptr_array_new_with_free_func (g_object_unref);
}

/**
 * alcove_saved_servers_new:
 * @settings: the program's settings
 *
 * Returns: (transfer full): the servers kept in them
 */
AlcoveSavedServers *
alcove_saved_servers_new (GSettings *settings)
{
  AlcoveSavedServers *self = g_object_new (ALCOVE_TYPE_SAVED_SERVERS, NULL);

  self->settings = g_object_ref (settings);
  load (self);
  g_signal_connect_swapped (settings, "changed::" KEY, G_CALLBACK (load), self);
  return self;
}

/**
 * alcove_saved_servers_keep:
 * @self: the servers
 * @server: one to keep; takes the place of the one with the same key
 *
 * Returns: whether there was room for it
 */
gboolean
alcove_saved_servers_keep (AlcoveSavedServers *self,
                           AlcoveSavedServer *server)
{
  guint index = alcove_saved_servers_find (self, alcove_saved_server_get_key (server));
  g_autoptr (GPtrArray) servers = NULL;

  if (index == self->servers->len && index >= ALCOVE_SAVED_SERVERS_MAX)
    return FALSE;

  /* the items are held by the list itself meanwhile */
  servers = g_ptr_array_copy (self->servers, NULL, NULL);
  g_ptr_array_set_free_func (servers, NULL);
  if (index < servers->len)
    servers->pdata[index] = server;
  else
    g_ptr_array_add (servers, server);
  store (self, servers);
  return TRUE;
}

/**
 * alcove_saved_servers_remove:
 * @self: the servers
 * @key: of the one not to keep
 */
void
alcove_saved_servers_remove (AlcoveSavedServers *self,
                             const char *key)
{
  guint index = alcove_saved_servers_find (self, key);
  g_autoptr (GPtrArray) servers = NULL;

  if (index == self->servers->len)
    return;

  servers = g_ptr_array_copy (self->servers, NULL, NULL);
  g_ptr_array_set_free_func (servers, NULL);
  g_ptr_array_remove_index (servers, index);
  store (self, servers);
}

/**
 * alcove_saved_servers_find:
 * @self: the servers
 * @key: of a server
 *
 * Returns: its position, or how many there are if there is none
 */
guint
alcove_saved_servers_find (AlcoveSavedServers *self,
                           const char *key)
{
  guint i = 0;

  while (i < self->servers->len
         && !g_str_equal (alcove_saved_server_get_key (self->servers->pdata[i]), key))
    i++;

  return i;
}
