/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "fake-client.h"

/* A client of a dialect that keeps what it is sent. */

struct _FakeClient {
  GObject parent_instance;

  char *id;
  GQueue texts;
  guint close_code;
  gboolean joined;
};

static void fake_client_iface_init (AlcoveServerClientInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (FakeClient, fake_client, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (ALCOVE_TYPE_SERVER_CLIENT,
                                                      fake_client_iface_init))

static void
fake_client_send_text (AlcoveServerClient *client,
                       const char *text)
{
  FakeClient *self = FAKE_CLIENT (client);

  if (self->close_code == 0)
    g_queue_push_tail (&self->texts, g_strdup (text));
}

static void
fake_client_close (AlcoveServerClient *client,
                   guint code,
                   const char *reason)
{
  FAKE_CLIENT (client)->close_code = code;
}

static void
fake_client_set_joined (AlcoveServerClient *client)
{
  FAKE_CLIENT (client)->joined = TRUE;
}

static const char *
fake_client_get_id (AlcoveServerClient *client)
{
  return FAKE_CLIENT (client)->id;
}

static void
fake_client_iface_init (AlcoveServerClientInterface *iface)
{
  iface->send_text = fake_client_send_text;
  iface->close = fake_client_close;
  iface->set_joined = fake_client_set_joined;
  iface->get_id = fake_client_get_id;
}

static void
fake_client_finalize (GObject *object)
{
  g_free (FAKE_CLIENT (object)->id);
  g_queue_clear_full (&FAKE_CLIENT (object)->texts, g_free);

  G_OBJECT_CLASS (fake_client_parent_class)->finalize (object);
}

static void
fake_client_class_init (FakeClientClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = fake_client_finalize;
}

static void
fake_client_init (FakeClient *self)
{
  g_queue_init (&self->texts);
}

FakeClient *
fake_client_new (void)
{
  return g_object_new (FAKE_TYPE_CLIENT, NULL);
}

/* As one on Socket.IO. */
FakeClient *
fake_client_new_with_id (const char *id)
{
  FakeClient *self = fake_client_new ();

  self->id = g_strdup (id);
  return self;
}

/* The oldest message not taken yet, or NULL. */
char *
fake_client_take (FakeClient *self)
{
  return g_queue_pop_head (&self->texts);
}

guint
fake_client_get_n_waiting (FakeClient *self)
{
  return g_queue_get_length (&self->texts);
}

guint
fake_client_get_close_code (FakeClient *self)
{
  return self->close_code;
}

gboolean
fake_client_get_joined (FakeClient *self)
{
  return self->joined;
}
