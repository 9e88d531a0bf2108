/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "fake-link.h"

#include <glib/gstdio.h>

#include "alcove-error.h"

static void link_init (AlcovePeerLinkInterface *iface);
static void factory_init (AlcovePeerLinkFactoryInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (FakeLink,
                               fake_link,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (ALCOVE_TYPE_PEER_LINK, link_init))
G_DEFINE_FINAL_TYPE_WITH_CODE (FakeFactory,
                               fake_factory,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (ALCOVE_TYPE_PEER_LINK_FACTORY, factory_init))

char *
fake_sdp (const char *session)
{
  return g_strdup_printf ("v=0\r\no=- %s 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n"
                          "a=fingerprint:sha-1 00:01:02:03:04:05:06:07:08:09:0A:0B:0C:0D:0E:0F:"
                          "10:11:12:13\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\n"
                          "a=ice-ufrag:u%s\r\nm=video 9 UDP/TLS/RTP/SAVPF 96\r\n",
                          session, session);
}

static void
describe (FakeLink *self,
          AlcoveDescriptionType type)
{
  g_autofree char *session = g_strdup_printf ("%u", self->serial);
  g_autofree char *sdp = fake_sdp (session);

  g_assert_false (self->closed);
  alcove_peer_link_emit_description (ALCOVE_PEER_LINK (self), type, sdp);
  if (!self->closed)
    alcove_peer_link_emit_candidate (ALCOVE_PEER_LINK (self), "0", 0, "candidate:1");
}

static void
start_offer (AlcovePeerLink *link)
{
  FakeLink *self = FAKE_LINK (link);

  /* anew on a fresh link, or once more on one that is described */
  g_assert_cmpuint (self->n_remotes, ==, self->n_offers);
  self->offered = TRUE;
  self->n_offers++;
  describe (self, ALCOVE_DESCRIPTION_OFFER);
}

static void
set_sending (AlcovePeerLink *link,
             gboolean sending)
{
  FAKE_LINK (link)->silent = !sending;
}

static void
set_receiving (AlcovePeerLink *link,
               gboolean receiving)
{
  FAKE_LINK (link)->deaf = !receiving;
}

static void
set_volume (AlcovePeerLink *link,
            double volume)
{
  FAKE_LINK (link)->volume = volume;
}

static void
set_remote (AlcovePeerLink *link,
            AlcoveDescriptionType type,
            const char *sdp)
{
  FakeLink *self = FAKE_LINK (link);

  g_assert_false (self->closed);
  if (type == ALCOVE_DESCRIPTION_ANSWER)
    {
      g_assert_true (self->offered);
      g_assert_cmpuint (self->n_remotes, <, self->n_offers);
    }
  self->n_remotes++;
  if (type == ALCOVE_DESCRIPTION_OFFER)
    describe (self, ALCOVE_DESCRIPTION_ANSWER);
}

static void
add_candidate (AlcovePeerLink *link,
               const char *mid,
               int mline_index,
               const char *candidate)
{
  FakeLink *self = FAKE_LINK (link);

  g_assert_false (self->closed);
  if (self->n_remotes == 0)
    self->candidate_too_early = TRUE;
  self->n_candidates++;
}

static gboolean
send_text (AlcovePeerLink *link,
           AlcoveChannel channel,
           const char *text)
{
  FakeLink *self = FAKE_LINK (link);

  g_assert_false (self->closed);
  g_ptr_array_add (self->sent, g_strdup_printf ("%d %s", (int) channel, text));
  return TRUE;
}

static void
close_channel (AlcovePeerLink *link,
               AlcoveChannel channel)
{
  FakeLink *self = FAKE_LINK (link);

  g_assert_false (self->closed);
  g_ptr_array_add (self->sent, g_strdup_printf ("%d closed", (int) channel));
}

static gint64
get_last_frame_time (AlcovePeerLink *link)
{
  return FAKE_LINK (link)->frame_time;
}

static guint64
get_bytes_received (AlcovePeerLink *link)
{
  return FAKE_LINK (link)->bytes;
}

static void
close_link (AlcovePeerLink *link)
{
  FAKE_LINK (link)->closed = TRUE;
}

/* At once: nothing is left under way when a test ends. */
static void
sample_async (AlcovePeerLink *link,
              GCancellable *cancellable,
              GAsyncReadyCallback callback,
              gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (link, cancellable, NULL, NULL);

  FAKE_LINK (link)->n_measured++;
  callback (G_OBJECT (link), G_ASYNC_RESULT (task), user_data);
}

static gboolean
sample_finish (AlcovePeerLink *link,
               GAsyncResult *result,
               AlcoveLinkStats *stats,
               GError **error)
{
  *stats = FAKE_LINK (link)->stats;
  return TRUE;
}

static gboolean
get_view_size (AlcovePeerLink *link,
               int *width,
               int *height)
{
  FakeLink *self = FAKE_LINK (link);

  *width = self->view_width;
  *height = self->view_height;
  return self->view_known;
}

static void
set_view_size (AlcovePeerLink *link,
               int width,
               int height)
{
  FakeLink *self = FAKE_LINK (link);

  g_assert_false (self->closed);
  self->n_far_sizes++;
  self->far_width = width;
  self->far_height = height;
}

/* A path that begins so can't be written, and one that there is is left alone. */
static gboolean
start_recording (AlcovePeerLink *link,
                 const char *path,
                 GError **error)
{
  FakeLink *self = FAKE_LINK (link);
  GStatBuf info;

  if (g_str_has_prefix (path, "/proc/") || g_lstat (path, &info) == 0)
    {
      g_set_error_literal (error, ALCOVE_ERROR, ALCOVE_ERROR_FILE, "can't be written");
      return FALSE;
    }
  g_free (self->recording);
  self->recording = g_strdup (path);
  return TRUE;
}

static void
stop_recording (AlcovePeerLink *link)
{
  g_clear_pointer (&FAKE_LINK (link)->recording, g_free);
}

static void
end_recording (AlcovePeerLink *link,
               GAsyncReadyCallback callback,
               gpointer user_data)
{
  FakeLink *self = FAKE_LINK (link);
  g_autoptr (GTask) task = g_task_new (link, NULL, callback, user_data);
  g_autoptr (GStrvBuilder) files = g_strv_builder_new ();

  if (self->recording != NULL && !self->recording_empty)
    g_strv_builder_add (files, self->recording);
  g_clear_pointer (&self->recording, g_free);
  alcove_peer_link_return_recording (task, g_strv_builder_end (files),
                                     g_steal_pointer (&self->recording_error));
}

static void
link_init (AlcovePeerLinkInterface *iface)
{
  iface->get_view_size = get_view_size;
  iface->set_view_size = set_view_size;
  iface->start_recording = start_recording;
  iface->stop_recording = stop_recording;
  iface->end_recording_async = end_recording;
  iface->sample_async = sample_async;
  iface->sample_finish = sample_finish;
  iface->start_offer = start_offer;
  iface->set_remote = set_remote;
  iface->add_candidate = add_candidate;
  iface->send_text = send_text;
  iface->close_channel = close_channel;
  iface->get_last_frame_time = get_last_frame_time;
  iface->get_bytes_received = get_bytes_received;
  iface->close = close_link;
  iface->set_sending = set_sending;
  iface->set_receiving = set_receiving;
  iface->set_volume = set_volume;
}

static void
fake_link_finalize (GObject *object)
{
  FakeLink *self = FAKE_LINK (object);

  /* Whoever makes a link must close it. */
  g_assert_true (self->closed);
  g_free (self->peer);
  g_free (self->recording);
  g_ptr_array_unref (self->sent);
  G_OBJECT_CLASS (fake_link_parent_class)->finalize (object);
}

static void
fake_link_class_init (FakeLinkClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = fake_link_finalize;
}

static void
fake_link_init (FakeLink *self)
{
  self->sent = g_ptr_array_new_with_free_func (g_free);
}

static AlcovePeerLink *
create_link (AlcovePeerLinkFactory *factory,
             const AlcovePeerLinkOptions *options,
             GError **error)
{
  FakeFactory *self = FAKE_FACTORY (factory);
  FakeLink *link;

  if (self->broken)
    {
      g_set_error_literal (error, ALCOVE_ERROR, ALCOVE_ERROR_MISSING_ELEMENT, "no links today");
      return NULL;
    }

  link = g_object_new (FAKE_TYPE_LINK, NULL);
  link->peer = g_strdup (options->peer);
  link->nth = options->serial;
  link->recording_empty = self->empty;
  link->serial = 1000000 * self->base + ++self->n_made;
  return ALCOVE_PEER_LINK (link);
}

static void
factory_init (AlcovePeerLinkFactoryInterface *iface)
{
  iface->create_link = create_link;
}

static void
fake_factory_class_init (FakeFactoryClass *klass)
{
}

static void
fake_factory_init (FakeFactory *self)
{
}

FakeFactory *
fake_factory_new (guint base)
{
  FakeFactory *self = g_object_new (FAKE_TYPE_FACTORY, NULL);

  self->base = base;
  return self;
}
