/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-peer-link"

#include "config.h"

#include "alcove-peer-link.h"

#include <glib/gi18n.h>

#include "alcove-error.h"

enum {
  DESCRIPTION,
  CANDIDATE,
  CONNECTED,
  FAILED,
  FIRST_FRAME,
  CHANNEL_OPEN,
  CHANNEL_TEXT,
  CHANNEL_CLOSED,
  SPEAKING,
  VIEW_SIZE_CHANGED,
  RECORDING_FAILED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_INTERFACE (AlcovePeerLink, alcove_peer_link, G_TYPE_OBJECT)
G_DEFINE_INTERFACE (AlcovePeerLinkFactory, alcove_peer_link_factory, G_TYPE_OBJECT)

static guint
new_signal (const char *name,
            guint n_params,
            GType first,
            GType second,
            GType third)
{
  GType types[] = { first, second, third };

  return g_signal_newv (name, ALCOVE_TYPE_PEER_LINK, G_SIGNAL_RUN_LAST, NULL, NULL, NULL, NULL,
                        G_TYPE_NONE, n_params, types);
}

static void
alcove_peer_link_default_init (AlcovePeerLinkInterface *iface)
{
  signals[DESCRIPTION] = new_signal ("description", 2, G_TYPE_INT, G_TYPE_STRING, 0);
  signals[CANDIDATE] = new_signal ("candidate", 3, G_TYPE_STRING, G_TYPE_INT, G_TYPE_STRING);
  signals[CONNECTED] = new_signal ("connected", 0, 0, 0, 0);
  signals[FAILED] = new_signal ("failed", 1, G_TYPE_ERROR, 0, 0);
  signals[FIRST_FRAME] = new_signal ("first-frame", 2, G_TYPE_INT, G_TYPE_INT, 0);
  signals[CHANNEL_OPEN] = new_signal ("channel-open", 1, G_TYPE_INT, 0, 0);
  signals[CHANNEL_TEXT] = new_signal ("channel-text", 2, G_TYPE_INT, G_TYPE_STRING, 0);
  signals[CHANNEL_CLOSED] = new_signal ("channel-closed", 1, G_TYPE_INT, 0, 0);
  signals[SPEAKING] = new_signal ("speaking", 1, G_TYPE_BOOLEAN, 0, 0);
  signals[VIEW_SIZE_CHANGED] = new_signal ("view-size-changed", 0, 0, 0, 0);
  signals[RECORDING_FAILED] = new_signal ("recording-failed", 1, G_TYPE_ERROR, 0, 0);
}

static void
alcove_peer_link_factory_default_init (AlcovePeerLinkFactoryInterface *iface)
{
}

/**
 * alcove_peer_link_start_offer:
 * @self: a fresh link
 *
 * Makes an offer; ends in `description` or `failed`.
 */
void
alcove_peer_link_start_offer (AlcovePeerLink *self)
{
  ALCOVE_PEER_LINK_GET_IFACE (self)->start_offer (self);
}

/**
 * alcove_peer_link_set_remote:
 * @self: a link
 * @type: offer or answer
 * @sdp: the description's text, from a stranger
 *
 * Applies the peer's description. An offer is answered by `description`; a
 * description that can't be used ends in `failed`.
 */
void
alcove_peer_link_set_remote (AlcovePeerLink *self,
                             AlcoveDescriptionType type,
                             const char *sdp)
{
  ALCOVE_PEER_LINK_GET_IFACE (self)->set_remote (self, type, sdp);
}

/**
 * alcove_peer_link_add_candidate:
 * @self: a link that was given the peer's description
 * @mid: (nullable): the media section's mid
 * @mline_index: the media section's index, or -1 if unknown
 * @candidate: the candidate, from a stranger
 *
 * Hands over one of the peer's candidates. One that makes no sense is dropped.
 */
void
alcove_peer_link_add_candidate (AlcovePeerLink *self,
                                const char *mid,
                                int mline_index,
                                const char *candidate)
{
  ALCOVE_PEER_LINK_GET_IFACE (self)->add_candidate (self, mid, mline_index, candidate);
}

/**
 * alcove_peer_link_send_text:
 * @self: a link
 * @channel: which channel
 * @text: at most %ALCOVE_CHANNEL_MAX_TEXT bytes
 *
 * Returns: whether the channel is open and took it
 */
gboolean
alcove_peer_link_send_text (AlcovePeerLink *self,
                            AlcoveChannel channel,
                            const char *text)
{
  return ALCOVE_PEER_LINK_GET_IFACE (self)->send_text (self, channel, text);
}

/**
 * alcove_peer_link_get_last_frame_time:
 * @self: a link
 *
 * Returns: when the last frame was decoded, in monotonic microseconds; 0 before the first
 */
gint64
alcove_peer_link_get_last_frame_time (AlcovePeerLink *self)
{
  return ALCOVE_PEER_LINK_GET_IFACE (self)->get_last_frame_time (self);
}

/**
 * alcove_peer_link_get_bytes_received:
 * @self: a link
 *
 * Returns: how many bytes of media came in so far; only its growth means something
 */
guint64
alcove_peer_link_get_bytes_received (AlcovePeerLink *self)
{
  return ALCOVE_PEER_LINK_GET_IFACE (self)->get_bytes_received (self);
}

/**
 * alcove_peer_link_get_buffered:
 * @self: a link
 * @channel: which channel
 *
 * Returns: how many bytes of text wait to be sent
 */
guint64
alcove_peer_link_get_buffered (AlcovePeerLink *self,
                               AlcoveChannel channel)
{
  AlcovePeerLinkInterface *iface = ALCOVE_PEER_LINK_GET_IFACE (self);

  return iface->get_buffered != NULL ? iface->get_buffered (self, channel) : 0;
}

/**
 * alcove_peer_link_close_channel:
 * @self: a link
 * @channel: which channel
 *
 * Closes a channel, and leaves the rest of the link as it is. The far side notices at once, which
 * it does not where the whole link goes. What was sent right before may not be read any more.
 */
void
alcove_peer_link_close_channel (AlcovePeerLink *self,
                                AlcoveChannel channel)
{
  AlcovePeerLinkInterface *iface = ALCOVE_PEER_LINK_GET_IFACE (self);

  if (iface->close_channel != NULL)
    iface->close_channel (self, channel);
}

/**
 * alcove_peer_link_set_sending:
 * @self: a link
 * @sending: whether the far side is to get our sound and pictures; it is at first
 *
 * Holds back what we send, or goes on with it, at once and without a word to the far side.
 */
void
alcove_peer_link_set_sending (AlcovePeerLink *self,
                              gboolean sending)
{
  AlcovePeerLinkInterface *iface = ALCOVE_PEER_LINK_GET_IFACE (self);

  if (iface->set_sending != NULL)
    iface->set_sending (self, !!sending);
}

/**
 * alcove_peer_link_set_receiving:
 * @self: a link
 * @receiving: whether what the far side sends is to be seen and heard; it is at first
 *
 * Drops what the far side sends, or goes on with it, at once and without a word to the far side.
 * What is dropped is neither shown, played nor recorded, but counts as received.
 */
void
alcove_peer_link_set_receiving (AlcovePeerLink *self,
                                gboolean receiving)
{
  AlcovePeerLinkInterface *iface = ALCOVE_PEER_LINK_GET_IFACE (self);

  if (iface->set_receiving != NULL)
    iface->set_receiving (self, !!receiving);
}

/**
 * alcove_peer_link_set_volume:
 * @self: a link
 * @volume: how loud what the far side sends is played: 0 is silence, 1 is as it comes, which it
 *   is at first, and 2 is twice that
 *
 * What is recorded stays as it comes.
 */
void
alcove_peer_link_set_volume (AlcovePeerLink *self,
                             double volume)
{
  AlcovePeerLinkInterface *iface = ALCOVE_PEER_LINK_GET_IFACE (self);

  if (iface->set_volume != NULL)
    iface->set_volume (self, volume);
}

/**
 * alcove_peer_link_sample_async:
 * @self: a link
 * @cancellable: (nullable): a #GCancellable
 * @callback: called on the main context
 * @user_data: its data
 *
 * Measures the link. Any number of users may do so at any time: they do not disturb each other.
 */
void
alcove_peer_link_sample_async (AlcovePeerLink *self,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data)
{
  AlcovePeerLinkInterface *iface = ALCOVE_PEER_LINK_GET_IFACE (self);
  g_autoptr (GTask) task = NULL;

  if (iface->sample_async != NULL)
    {
      iface->sample_async (self, cancellable, callback, user_data);
      return;
    }

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, alcove_peer_link_sample_async);
  g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                           "this link is not measured");
}

/**
 * alcove_peer_link_sample_finish:
 * @self: a link
 * @result: what the callback was given
 * @stats: (out caller-allocates): the sample
 * @error: return location for an error
 *
 * Errors: %ALCOVE_ERROR_CLOSED if the link was closed meanwhile, `G_IO_ERROR_CANCELLED`, or
 * `G_IO_ERROR_NOT_SUPPORTED`.
 *
 * Returns: whether @stats was filled
 */
gboolean
alcove_peer_link_sample_finish (AlcovePeerLink *self,
                                GAsyncResult *result,
                                AlcoveLinkStats *stats,
                                GError **error)
{
  if (g_async_result_is_tagged (result, alcove_peer_link_sample_async))
    return g_task_propagate_boolean (G_TASK (result), error);

  return ALCOVE_PEER_LINK_GET_IFACE (self)->sample_finish (self, result, stats, error);
}

/**
 * alcove_peer_link_get_view_size:
 * @self: a link
 * @width: (out): of the peer's picture as it is drawn here, in device pixels; 0 if it is hidden
 * @height: (out): likewise
 *
 * Returns: whether it is known; it is not where nobody draws, or the picture is wanted whole for
 *   something else
 */
gboolean
alcove_peer_link_get_view_size (AlcovePeerLink *self,
                                int *width,
                                int *height)
{
  AlcovePeerLinkInterface *iface = ALCOVE_PEER_LINK_GET_IFACE (self);

  return iface->get_view_size != NULL && iface->get_view_size (self, width, height);
}

/**
 * alcove_peer_link_set_view_size:
 * @self: a link
 * @width: of our picture as it is drawn over there, in device pixels; 0 if it is hidden
 * @height: likewise
 *
 * From then on they may get a picture that is no larger than they need.
 */
void
alcove_peer_link_set_view_size (AlcovePeerLink *self,
                                int width,
                                int height)
{
  AlcovePeerLinkInterface *iface = ALCOVE_PEER_LINK_GET_IFACE (self);

  if (iface->set_view_size != NULL)
    iface->set_view_size (self, width, height);
}

/**
 * alcove_peer_link_start_recording:
 * @self: a link
 * @path: a file that does not exist yet
 * @error: return location for an error
 *
 * Writes what comes from the far side from now on to a file, as it comes: sound, and pictures from
 * the next key frame on, which is asked for. It ends with the link, or with a `recording-failed`.
 *
 * Errors: %ALCOVE_ERROR_FILE, %ALCOVE_ERROR_MISSING_ELEMENT, %ALCOVE_ERROR_FAILED.
 *
 * Returns: whether it has begun
 */
gboolean
alcove_peer_link_start_recording (AlcovePeerLink *self,
                                  const char *path,
                                  GError **error)
{
  AlcovePeerLinkInterface *iface = ALCOVE_PEER_LINK_GET_IFACE (self);

  if (iface->start_recording != NULL)
    return iface->start_recording (self, path, error);

  g_set_error_literal (error, ALCOVE_ERROR, ALCOVE_ERROR_FAILED,
                       _ ("This participant can’t be recorded."));
  return FALSE;
}

/**
 * alcove_peer_link_stop_recording:
 * @self: a link
 *
 * Ends a recording, and closes its file in the background. Does nothing if there is none.
 */
void
alcove_peer_link_stop_recording (AlcovePeerLink *self)
{
  AlcovePeerLinkInterface *iface = ALCOVE_PEER_LINK_GET_IFACE (self);

  if (iface->stop_recording != NULL)
    iface->stop_recording (self);
}

/**
 * alcove_peer_link_end_recording_async:
 * @self: a link, perhaps closed
 * @callback: called on the main context
 * @user_data: its data
 *
 * Ends the recording that was begun, if it has not ended yet, and waits until its files are closed.
 */
void
alcove_peer_link_end_recording_async (AlcovePeerLink *self,
                                      GAsyncReadyCallback callback,
                                      gpointer user_data)
{
  AlcovePeerLinkInterface *iface = ALCOVE_PEER_LINK_GET_IFACE (self);
  g_autoptr (GTask) task = NULL;

  if (iface->end_recording_async != NULL)
    {
      iface->end_recording_async (self, callback, user_data);
      return;
    }

  task = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (task, alcove_peer_link_end_recording_async);
  alcove_peer_link_return_recording (task, g_new0 (char *, 1), NULL);
}

/**
 * alcove_peer_link_end_recording_finish:
 * @self: a link
 * @result: what the callback was given
 * @files: (out) (transfer full) (array zero-terminated=1): the names of the files that have
 *   anything in them; set in any case
 * @error: return location for an error
 *
 * Errors: %ALCOVE_ERROR_FILE if something is missing in the files, %ALCOVE_ERROR_FAILED if there
 * would have been too many.
 *
 * Returns: whether all is in the files
 */
gboolean
alcove_peer_link_end_recording_finish (AlcovePeerLink *self,
                                       GAsyncResult *result,
                                       char ***files,
                                       GError **error)
{
  *files = g_strdupv (g_task_get_task_data (G_TASK (result)));
  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * alcove_peer_link_return_recording:
 * @task: of alcove_peer_link_end_recording_async()
 * @files: (transfer full) (array zero-terminated=1): the names of the files that have anything in
 *   them
 * @error: (transfer full) (nullable): what is missing in them
 *
 * For implementations: ends @task.
 */
void
alcove_peer_link_return_recording (GTask *task,
                                   char **files,
                                   GError *error)
{
  g_task_set_task_data (task, files, (GDestroyNotify) g_strfreev);
  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_boolean (task, TRUE);
}

/**
 * alcove_peer_link_close:
 * @self: a link
 *
 * Ends the link; returns at once and finishes in the background. No signal is
 * emitted any more. Closing twice is harmless.
 */
void
alcove_peer_link_close (AlcovePeerLink *self)
{
  ALCOVE_PEER_LINK_GET_IFACE (self)->close (self);
}

/**
 * alcove_peer_link_emit_description:
 * @self: a link
 * @type: offer or answer
 * @sdp: the local description
 *
 * For implementations: emits `description`.
 */
void
alcove_peer_link_emit_description (AlcovePeerLink *self,
                                   AlcoveDescriptionType type,
                                   const char *sdp)
{
  g_signal_emit (self, signals[DESCRIPTION], 0, (int) type, sdp);
}

/**
 * alcove_peer_link_emit_candidate:
 * @self: a link
 * @mid: (nullable): the media section's mid
 * @mline_index: the media section's index
 * @candidate: a local candidate
 *
 * For implementations: emits `candidate`.
 */
void
alcove_peer_link_emit_candidate (AlcovePeerLink *self,
                                 const char *mid,
                                 int mline_index,
                                 const char *candidate)
{
  g_signal_emit (self, signals[CANDIDATE], 0, mid, mline_index, candidate);
}

/**
 * alcove_peer_link_emit_connected:
 * @self: a link
 *
 * For implementations: emits `connected`.
 */
void
alcove_peer_link_emit_connected (AlcovePeerLink *self)
{
  g_signal_emit (self, signals[CONNECTED], 0);
}

/**
 * alcove_peer_link_emit_failed:
 * @self: a link
 * @error: why, as a plain sentence
 *
 * For implementations: emits `failed`.
 */
void
alcove_peer_link_emit_failed (AlcovePeerLink *self,
                              const GError *error)
{
  g_signal_emit (self, signals[FAILED], 0, error);
}

/**
 * alcove_peer_link_emit_first_frame:
 * @self: a link
 * @width: in pixels
 * @height: in pixels
 *
 * For implementations: emits `first-frame`.
 */
void
alcove_peer_link_emit_first_frame (AlcovePeerLink *self,
                                   int width,
                                   int height)
{
  g_signal_emit (self, signals[FIRST_FRAME], 0, width, height);
}

/**
 * alcove_peer_link_emit_channel_open:
 * @self: a link
 * @channel: which channel
 *
 * For implementations: emits `channel-open`.
 */
void
alcove_peer_link_emit_channel_open (AlcovePeerLink *self,
                                    AlcoveChannel channel)
{
  g_signal_emit (self, signals[CHANNEL_OPEN], 0, (int) channel);
}

/**
 * alcove_peer_link_emit_channel_text:
 * @self: a link
 * @channel: which channel
 * @text: valid UTF-8, at most %ALCOVE_CHANNEL_MAX_TEXT bytes, otherwise unchecked
 *
 * For implementations: emits `channel-text`.
 */
void
alcove_peer_link_emit_channel_text (AlcovePeerLink *self,
                                    AlcoveChannel channel,
                                    const char *text)
{
  g_signal_emit (self, signals[CHANNEL_TEXT], 0, (int) channel, text);
}

/**
 * alcove_peer_link_emit_channel_closed:
 * @self: a link
 * @channel: which channel
 *
 * For implementations: emits `channel-closed`.
 */
void
alcove_peer_link_emit_channel_closed (AlcovePeerLink *self,
                                      AlcoveChannel channel)
{
  g_signal_emit (self, signals[CHANNEL_CLOSED], 0, (int) channel);
}

/**
 * alcove_peer_link_emit_speaking:
 * @self: a link
 * @speaking: whether the peer's sound is over the threshold
 *
 * For implementations: emits `speaking`.
 */
void
alcove_peer_link_emit_speaking (AlcovePeerLink *self,
                                gboolean speaking)
{
  g_signal_emit (self, signals[SPEAKING], 0, !!speaking);
}

/**
 * alcove_peer_link_emit_view_size_changed:
 * @self: a link
 *
 * For implementations.
 */
void
alcove_peer_link_emit_view_size_changed (AlcovePeerLink *self)
{
  g_signal_emit (self, signals[VIEW_SIZE_CHANGED], 0);
}

/**
 * alcove_peer_link_emit_recording_failed:
 * @self: a link
 * @error: why, as a plain sentence
 *
 * For implementations: emits `recording-failed`.
 */
void
alcove_peer_link_emit_recording_failed (AlcovePeerLink *self,
                                        const GError *error)
{
  g_signal_emit (self, signals[RECORDING_FAILED], 0, error);
}

/**
 * alcove_peer_link_factory_create_link:
 * @self: a factory
 * @options: what the link is for
 * @error: return location for an error
 *
 * Errors: %ALCOVE_ERROR_MISSING_ELEMENT, %ALCOVE_ERROR_FAILED.
 *
 * Returns: (transfer full): a fresh link, or %NULL
 */
AlcovePeerLink *
alcove_peer_link_factory_create_link (AlcovePeerLinkFactory *self,
                                      const AlcovePeerLinkOptions *options,
                                      GError **error)
{
  return ALCOVE_PEER_LINK_FACTORY_GET_IFACE (self)->create_link (self, options, error);
}
