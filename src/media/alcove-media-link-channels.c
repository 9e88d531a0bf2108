/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-media-link"

#include "config.h"

#include <string.h>

#include "alcove-debug.h"
#include "alcove-media-link-parts.h"

#define ALCOVE_LABEL "alcove"

/* More than this waiting to be sent means that nobody takes it. */
#define MAX_BUFFERED (256 * 1024)

/* What the far side may have on its way to us. More than this while we are busy is dropped: a
 * stranger must not fill our memory. */
#define MAX_WAITING (1024 * 1024)

/* Texts of a channel on their way from webrtcbin's thread. */
typedef struct {
  AlcoveLinkCore *core;
  GstWebRTCDataChannel *channel;
  char *text;
  gsize size;
} Text;

static void
text_free (gpointer data)
{
  Text *self = data;

  g_mutex_lock (&self->core->lock);
  self->core->text_bytes -= self->size;
  g_mutex_unlock (&self->core->lock);

  alcove_link_core_unref (self->core);
  g_object_unref (self->channel);
  g_free (self->text);
  g_free (self);
}

static gboolean
find_channel (AlcoveMediaLink *self,
              GstWebRTCDataChannel *channel,
              AlcoveChannel *kind)
{
  if (channel == NULL)
    return FALSE;

  *kind = channel == self->alcove_channel ? ALCOVE_CHANNEL_ALCOVE : ALCOVE_CHANNEL_PAGE;
  return channel == self->alcove_channel || channel == self->page_channel;
}

static void
announce_open (AlcoveMediaLink *self,
               GstWebRTCDataChannel *channel,
               gboolean *open,
               AlcoveChannel kind)
{
  GstWebRTCDataChannelState state;

  /* a channel counts only after the certificate: `connected` comes first */
  if (channel == NULL || *open || !self->connected || !alcove_media_link_is_alive (self))
    return;
  g_object_get (channel, "ready-state", &state, NULL);
  if (state != GST_WEBRTC_DATA_CHANNEL_STATE_OPEN)
    return;

  *open = TRUE;
  alcove_peer_link_emit_channel_open (ALCOVE_PEER_LINK (self), kind);
}

/**
 * alcove_media_link_check_channels:
 * @self: a link
 *
 * Announces the channels that are open by now.
 */
void
alcove_media_link_check_channels (AlcoveMediaLink *self)
{
  g_object_ref (self);
  announce_open (self, self->alcove_channel, &self->alcove_open, ALCOVE_CHANNEL_ALCOVE);
  announce_open (self, self->page_channel, &self->page_open, ALCOVE_CHANNEL_PAGE);
  g_object_unref (self);
}

static void
on_open_hopped (gpointer object,
                gpointer data)
{
  AlcoveMediaLink *self = ALCOVE_MEDIA_LINK (object);

  if (!alcove_media_link_is_alive (self))
    return;

  g_object_ref (self);
  alcove_media_link_verify (self);
  alcove_media_link_check_channels (self);
  g_object_unref (self);
}

static void
on_text_hopped (gpointer object,
                gpointer data)
{
  AlcoveMediaLink *self = ALCOVE_MEDIA_LINK (object);
  Text *text = data;
  AlcoveChannel kind;

  if (!alcove_media_link_is_alive (self) || !find_channel (self, text->channel, &kind))
    return;

  /* the certificate is checked here too: SCTP runs over the same DTLS connection */
  g_object_ref (self);
  alcove_media_link_verify (self);
  alcove_media_link_check_channels (self);
  if (self->connected && alcove_media_link_is_alive (self))
    {
      g_mutex_lock (&self->core->lock);
      self->core->counters.bytes_in += strlen (text->text);
      g_mutex_unlock (&self->core->lock);
      alcove_peer_link_emit_channel_text (ALCOVE_PEER_LINK (self), kind, text->text);
    }
  g_object_unref (self);
}

static void
on_closed_hopped (gpointer object,
                  gpointer data)
{
  AlcoveMediaLink *self = ALCOVE_MEDIA_LINK (object);
  AlcoveChannel kind;
  gboolean *open;

  if (!alcove_media_link_is_alive (self) || !find_channel (self, data, &kind))
    return;

  open = kind == ALCOVE_CHANNEL_ALCOVE ? &self->alcove_open : &self->page_open;
  if (*open)
    {
      *open = FALSE;
      alcove_peer_link_emit_channel_closed (ALCOVE_PEER_LINK (self), kind);
    }
}

/* The following four run on threads of GStreamer. */
static void
on_open (GstWebRTCDataChannel *channel,
         gpointer data)
{
  AlcoveLinkCore *core = data;

  alcove_media_hop (core->handle, on_open_hopped, NULL, NULL);
}

static void
on_closed (GstWebRTCDataChannel *channel,
           gpointer data)
{
  AlcoveLinkCore *core = data;

  alcove_media_hop (core->handle, on_closed_hopped, g_object_ref (channel), g_object_unref);
}

static void
on_text (GstWebRTCDataChannel *channel,
         const char *message,
         gpointer data)
{
  AlcoveLinkCore *core = data;
  gsize length = message != NULL ? strlen (message) : 0;
  /* what the hop takes counts too, or empty texts would be free */
  gsize size = length + sizeof (Text);
  gboolean fits;
  Text *text;

  /* webrtcbin hands on any bytes as a string, and nothing at all for an empty one */
  if (length > ALCOVE_CHANNEL_MAX_TEXT || (length > 0 && !g_utf8_validate (message, -1, NULL)))
    {
      g_info ("A text on a data channel was too long or no text");
      return;
    }

  g_mutex_lock (&core->lock);
  fits = core->text_bytes + size <= MAX_WAITING;
  if (fits)
    core->text_bytes += size;
  g_mutex_unlock (&core->lock);
  if (!fits)
    {
      g_info ("A text on a data channel came too fast");
      return;
    }

  text = g_new0 (Text, 1);
  text->core = alcove_link_core_ref (core);
  text->size = size;
  text->channel = g_object_ref (channel);
  text->text = g_strdup (message != NULL ? message : "");
  alcove_media_hop (core->handle, on_text_hopped, text, text_free);
}

static void
watch (AlcoveLinkCore *core,
       GstWebRTCDataChannel *channel)
{
  const struct
  {
    const char *signal;
    GCallback callback;
  } handlers[] = {
    { "on-open", G_CALLBACK (on_open) },
    { "on-close", G_CALLBACK (on_closed) },
    { "on-message-string", G_CALLBACK (on_text) },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (handlers); i++)
    g_signal_connect_data (channel, handlers[i].signal, handlers[i].callback,
                           alcove_link_core_ref (core),
                           (GClosureNotify) (void (*) (void)) alcove_link_core_unref, 0);
}

static void
drop_channel (AlcoveMediaLink *self,
              GstWebRTCDataChannel **channel)
{
  if (*channel != NULL)
    g_signal_handlers_disconnect_by_data (*channel, self->core);
  g_clear_object (channel);
}

static void
on_channel_hopped (gpointer object,
                   gpointer data)
{
  AlcoveMediaLink *self = ALCOVE_MEDIA_LINK (object);
  GstWebRTCDataChannel *channel = data;

  if (!alcove_media_link_is_alive (self) || channel == self->alcove_channel)
    return;

  /* the protocols know one channel; the newest is the one a page still holds */
  g_object_ref (self);
  drop_channel (self, &self->page_channel);
  self->page_channel = g_object_ref (channel);
  if (self->page_open)
    {
      self->page_open = FALSE;
      alcove_peer_link_emit_channel_closed (ALCOVE_PEER_LINK (self), ALCOVE_CHANNEL_PAGE);
    }
  if (alcove_media_link_is_alive (self))
    alcove_media_link_check_channels (self);
  g_object_unref (self);
}

/* The far side made a channel. */
static void
on_data_channel (GstElement *webrtc,
                 GstWebRTCDataChannel *channel,
                 gpointer data)
{
  AlcoveLinkCore *core = data;

  /* at once, or a text that follows directly would be lost */
  watch (core, channel);
  alcove_media_hop (core->handle, on_channel_hopped, g_object_ref (channel), g_object_unref);
}

/**
 * alcove_media_link_channels_init:
 * @self: a link
 */
void
alcove_media_link_channels_init (AlcoveMediaLink *self)
{
  g_signal_connect_data (self->webrtc, "on-data-channel", G_CALLBACK (on_data_channel),
                         alcove_link_core_ref (self->core),
                         (GClosureNotify) (void (*) (void)) alcove_link_core_unref, 0);
}

/**
 * alcove_media_link_add_channels:
 * @self: a link whose pipeline is READY
 * @with_page: whether to make the page channel: the offerer does
 *
 * Makes our channels. The one between Alcoves is not announced in band, so a page never
 * sees it.
 */
void
alcove_media_link_add_channels (AlcoveMediaLink *self,
                                gboolean with_page)
{
  g_autoptr (GstStructure) options
      = gst_structure_new ("options", "negotiated", G_TYPE_BOOLEAN, TRUE, "id", G_TYPE_INT,
                           ALCOVE_CHANNEL_ALCOVE_ID, NULL);

  g_signal_emit_by_name (self->webrtc, "create-data-channel", ALCOVE_LABEL, options,
                         &self->alcove_channel);
  if (self->alcove_channel != NULL)
    watch (self->core, self->alcove_channel);

  if (with_page && self->channel_label != NULL)
    {
      g_signal_emit_by_name (self->webrtc, "create-data-channel", self->channel_label, NULL,
                             &self->page_channel);
      if (self->page_channel != NULL)
        watch (self->core, self->page_channel);
    }
}

/**
 * alcove_media_link_do_send_text:
 * @self: a link
 * @channel: which channel
 * @text: UTF-8, not empty, at most %ALCOVE_CHANNEL_MAX_TEXT bytes
 *
 * See alcove_peer_link_send_text().
 *
 * Returns: whether the text was taken
 */
gboolean
alcove_media_link_do_send_text (AlcoveMediaLink *self,
                                AlcoveChannel channel,
                                const char *text)
{
  gboolean is_alcove = channel == ALCOVE_CHANNEL_ALCOVE;
  GstWebRTCDataChannel *target = is_alcove ? self->alcove_channel : self->page_channel;
  guint64 buffered = 0;

  /* an empty text would be zero bytes to SCTP, whose refusal breaks webrtcbin 1.22 */
  if (!alcove_media_link_is_alive (self) || !(is_alcove ? self->alcove_open : self->page_open)
      || *text == '\0' || strlen (text) > ALCOVE_CHANNEL_MAX_TEXT)
    return FALSE;

  g_object_get (target, "buffered-amount", &buffered, NULL);
  if (buffered > MAX_BUFFERED)
    {
      alcove_debug_print (ALCOVE_DEBUG_MEDIA, "%s: takes no texts", self->peer);
      return FALSE;
    }

  gst_webrtc_data_channel_send_string (target, text);
  return TRUE;
}

/**
 * alcove_media_link_do_get_buffered:
 * @self: a link
 * @channel: which channel
 *
 * See alcove_peer_link_get_buffered().
 *
 * Returns: how many bytes wait in the channel
 */
guint64
alcove_media_link_do_get_buffered (AlcoveMediaLink *self,
                                   AlcoveChannel channel)
{
  GstWebRTCDataChannel *target
      = channel == ALCOVE_CHANNEL_ALCOVE ? self->alcove_channel : self->page_channel;
  guint64 buffered = 0;

  if (alcove_media_link_is_alive (self) && target != NULL)
    g_object_get (target, "buffered-amount", &buffered, NULL);
  return buffered;
}

/**
 * alcove_media_link_do_close_channel:
 * @link: a link
 * @channel: which channel
 *
 * See alcove_peer_link_close_channel().
 */
void
alcove_media_link_do_close_channel (AlcovePeerLink *link,
                                    AlcoveChannel channel)
{
  AlcoveMediaLink *self = ALCOVE_MEDIA_LINK (link);
  gboolean is_alcove = channel == ALCOVE_CHANNEL_ALCOVE;

  if (alcove_media_link_is_alive (self) && (is_alcove ? self->alcove_open : self->page_open))
    gst_webrtc_data_channel_close (is_alcove ? self->alcove_channel : self->page_channel);
}

/**
 * alcove_media_link_channels_stop:
 * @self: a link that is being closed
 *
 * Drops the channels, which must go before webrtcbin does.
 */
void
alcove_media_link_channels_stop (AlcoveMediaLink *self)
{
  drop_channel (self, &self->page_channel);
  drop_channel (self, &self->alcove_channel);
}
