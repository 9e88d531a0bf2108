/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-dialect"

#include "config.h"

#include "alcove-dialect.h"

typedef struct {
  AlcoveHub *hub;
} AlcoveDialectPrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (AlcoveDialect, alcove_dialect, G_TYPE_OBJECT)

static void
alcove_dialect_dispose (GObject *object)
{
  AlcoveDialect *self = ALCOVE_DIALECT (object);
  AlcoveDialectPrivate *priv = alcove_dialect_get_instance_private (self);

  g_clear_object (&priv->hub);

  G_OBJECT_CLASS (alcove_dialect_parent_class)->dispose (object);
}

static void
alcove_dialect_class_init (AlcoveDialectClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = alcove_dialect_dispose;
}

static void
alcove_dialect_init (AlcoveDialect *self)
{
}

/**
 * alcove_dialect_attach:
 * @self: a dialect without a hub
 * @hub: where its members are entered
 *
 * Done once, by the server that the dialect is added to.
 */
void
alcove_dialect_attach (AlcoveDialect *self,
                       AlcoveHub *hub)
{
  AlcoveDialectPrivate *priv = alcove_dialect_get_instance_private (self);

  g_return_if_fail (ALCOVE_IS_DIALECT (self));
  g_return_if_fail (priv->hub == NULL);

  priv->hub = g_object_ref (hub);
  if (ALCOVE_DIALECT_GET_CLASS (self)->attach != NULL)
    ALCOVE_DIALECT_GET_CLASS (self)->attach (self, hub);
}

/**
 * alcove_dialect_get_hub:
 * @self: a dialect
 *
 * Returns: (transfer none) (nullable): its hub, once it has one
 */
AlcoveHub *
alcove_dialect_get_hub (AlcoveDialect *self)
{
  AlcoveDialectPrivate *priv = alcove_dialect_get_instance_private (self);

  g_return_val_if_fail (ALCOVE_IS_DIALECT (self), NULL);

  return priv->hub;
}

/**
 * alcove_dialect_matches:
 * @self: a dialect
 * @path: the path of the connection's address, percent-decoded
 * @first_message: (nullable): the first message, or %NULL before there is one
 *
 * Returns: whether a connection like this is certainly this dialect's
 */
gboolean
alcove_dialect_matches (AlcoveDialect *self,
                        const char *path,
                        const char *first_message)
{
  g_return_val_if_fail (ALCOVE_IS_DIALECT (self), FALSE);

  return ALCOVE_DIALECT_GET_CLASS (self)->matches (self, path, first_message);
}

/**
 * alcove_dialect_opened:
 * @self: a dialect with a hub
 * @client: somebody new
 * @path: the path of the connection's address, percent-decoded
 */
void
alcove_dialect_opened (AlcoveDialect *self,
                       AlcoveServerClient *client,
                       const char *path)
{
  g_return_if_fail (ALCOVE_IS_DIALECT (self));

  ALCOVE_DIALECT_GET_CLASS (self)->opened (self, client, path);
}

/**
 * alcove_dialect_message:
 * @self: a dialect with a hub
 * @client: who was handed to alcove_dialect_opened()
 * @text: what came; UTF-8, and nothing else is promised of it
 */
void
alcove_dialect_message (AlcoveDialect *self,
                        AlcoveServerClient *client,
                        const char *text)
{
  g_return_if_fail (ALCOVE_IS_DIALECT (self));

  ALCOVE_DIALECT_GET_CLASS (self)->message (self, client, text);
}

/**
 * alcove_dialect_closed:
 * @self: a dialect with a hub
 * @client: who was handed to alcove_dialect_opened(), and is gone
 */
void
alcove_dialect_closed (AlcoveDialect *self,
                       AlcoveServerClient *client)
{
  g_return_if_fail (ALCOVE_IS_DIALECT (self));

  ALCOVE_DIALECT_GET_CLASS (self)->closed (self, client);
}
