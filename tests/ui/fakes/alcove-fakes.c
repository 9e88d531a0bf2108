/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-fakes"

#include "config.h"

#include "alcove-fakes.h"

#include "alcove-error.h"

struct _FakeSignaller {
  AlcoveSignaller parent_instance;
};

G_DEFINE_FINAL_TYPE (FakeSignaller, fake_signaller, ALCOVE_TYPE_SIGNALLER)

static void
fake_signaller_connect (AlcoveSignaller *signaller,
                        const char *room,
                        const char *name,
                        AlcoveRole role)
{
}

static void
fake_signaller_send_description (AlcoveSignaller *signaller,
                                 const char *peer,
                                 AlcoveDescriptionType type,
                                 const char *sdp)
{
}

static void
fake_signaller_send_candidate (AlcoveSignaller *signaller,
                               const char *peer,
                               const char *mid,
                               int mline_index,
                               const char *candidate)
{
}

static void
fake_signaller_leave (AlcoveSignaller *signaller)
{
  alcove_signaller_emit_left (signaller);
}

static char *
fake_signaller_encode_file (AlcoveSignaller *signaller,
                            const AlcoveFileMessage *message)
{
  return g_strdup_printf ("file:%d:%s", (int) message->signal, message->id);
}

/* signal, size, last, id, and name or data */
static AlcoveFileMessage *
fake_signaller_decode_file (AlcoveSignaller *signaller,
                            const char *text,
                            GError **error)
{
  g_auto (GStrv) fields = g_strsplit (text, ":", 6);
  AlcoveFileMessage *message;

  if (g_strv_length (fields) != 6)
    return NULL;

  message = g_new0 (AlcoveFileMessage, 1);
  message->signal = (AlcoveFileSignal) g_ascii_strtoull (fields[1], NULL, 10);
  message->size = g_ascii_strtoull (fields[2], NULL, 10);
  message->last = *fields[3] == '1';
  message->id = g_strdup (fields[4]);
  message->name = g_strdup (fields[5]);
  message->data = g_strdup (fields[5]);
  return message;
}

static void
fake_signaller_class_init (FakeSignallerClass *klass)
{
  AlcoveSignallerClass *signaller_class = ALCOVE_SIGNALLER_CLASS (klass);

  signaller_class->connect = fake_signaller_connect;
  signaller_class->send_description = fake_signaller_send_description;
  signaller_class->send_candidate = fake_signaller_send_candidate;
  signaller_class->leave = fake_signaller_leave;
  signaller_class->features = ALCOVE_SIGNALLER_NAMES | ALCOVE_SIGNALLER_ROSTER
                              | ALCOVE_SIGNALLER_LEAVE_NOTICE | ALCOVE_SIGNALLER_ROOMS
                              | ALCOVE_SIGNALLER_CHANNEL | ALCOVE_SIGNALLER_FILES;
  signaller_class->encode_file = fake_signaller_encode_file;
  signaller_class->decode_file = fake_signaller_decode_file;
}

static void
fake_signaller_init (FakeSignaller *self)
{
}

struct _FakeLink {
  GObject parent_instance;

  gboolean shown;
  gboolean deaf;
  gint64 age;
  gboolean measured;
  AlcoveLinkStats stats;
};

static void
fake_link_nothing (AlcovePeerLink *link)
{
}

static void
fake_link_set_remote (AlcovePeerLink *link,
                      AlcoveDescriptionType type,
                      const char *sdp)
{
}

static void
fake_link_add_candidate (AlcovePeerLink *link,
                         const char *mid,
                         int mline_index,
                         const char *candidate)
{
}

static gboolean
fake_link_send_text (AlcovePeerLink *link,
                     AlcoveChannel channel,
                     const char *text)
{
  return !FAKE_LINK (link)->deaf;
}

static gint64
fake_link_get_last_frame_time (AlcovePeerLink *link)
{
  FakeLink *self = FAKE_LINK (link);

  return self->shown ? g_get_monotonic_time () - self->age : 0;
}

static guint64
fake_link_get_bytes_received (AlcovePeerLink *link)
{
  return 1;
}

static void
fake_link_sample_async (AlcovePeerLink *link,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (link, cancellable, callback, user_data);

  if (FAKE_LINK (link)->measured)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_new_error (task, ALCOVE_ERROR, ALCOVE_ERROR_CLOSED, "closed");
}

static gboolean
fake_link_sample_finish (AlcovePeerLink *link,
                         GAsyncResult *result,
                         AlcoveLinkStats *stats,
                         GError **error)
{
  *stats = FAKE_LINK (link)->stats;
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
fake_link_iface_init (AlcovePeerLinkInterface *iface)
{
  iface->start_offer = fake_link_nothing;
  iface->set_remote = fake_link_set_remote;
  iface->add_candidate = fake_link_add_candidate;
  iface->send_text = fake_link_send_text;
  iface->get_last_frame_time = fake_link_get_last_frame_time;
  iface->get_bytes_received = fake_link_get_bytes_received;
  iface->sample_async = fake_link_sample_async;
  iface->sample_finish = fake_link_sample_finish;
  iface->close = fake_link_nothing;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (FakeLink, fake_link, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (ALCOVE_TYPE_PEER_LINK, fake_link_iface_init))

static void
fake_link_class_init (FakeLinkClass *klass)
{
}

static void
fake_link_init (FakeLink *self)
{
}

void
fake_link_show_frame (FakeLink *self)
{
  self->shown = TRUE;
  self->age = 0;
  alcove_peer_link_emit_connected (ALCOVE_PEER_LINK (self));
  alcove_peer_link_emit_first_frame (ALCOVE_PEER_LINK (self), 640, 360);
}

void
fake_link_set_age (FakeLink *self,
                   gint64 microseconds)
{
  self->age = microseconds;
}

void
fake_link_set_stats (FakeLink *self,
                     const AlcoveLinkStats *stats)
{
  self->measured = TRUE;
  self->stats = *stats;
}

struct _FakeFactory {
  GObject parent_instance;

  GHashTable *links;
};

static AlcovePeerLink *
fake_factory_create_link (AlcovePeerLinkFactory *factory,
                          const AlcovePeerLinkOptions *options,
                          GError **error)
{
  FakeFactory *self = FAKE_FACTORY (factory);
  FakeLink *link = g_object_new (FAKE_TYPE_LINK, NULL);

  g_hash_table_replace (self->links, g_strdup (options->peer), g_object_ref (link));

  return ALCOVE_PEER_LINK (link);
}

static void
fake_factory_iface_init (AlcovePeerLinkFactoryInterface *iface)
{
  iface->create_link = fake_factory_create_link;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (FakeFactory, fake_factory, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (ALCOVE_TYPE_PEER_LINK_FACTORY,
                                                      fake_factory_iface_init))

static void
fake_factory_finalize (GObject *object)
{
  g_hash_table_unref (FAKE_FACTORY (object)->links);

  G_OBJECT_CLASS (fake_factory_parent_class)->finalize (object);
}

static void
fake_factory_class_init (FakeFactoryClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = fake_factory_finalize;
}

static void
fake_factory_init (FakeFactory *self)
{
  self->links = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
}

FakeLink *
fake_factory_find (FakeFactory *self,
                   const char *peer)
{
  return g_hash_table_lookup (self->links, peer);
}

void
fake_link_set_deaf (FakeLink *self,
                    gboolean deaf)
{
  self->deaf = deaf;
}
