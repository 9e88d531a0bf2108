/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "alcove-link-stats.h"
#include "alcove-signaller.h"

G_BEGIN_DECLS

/**
 * AlcoveChannel:
 * @ALCOVE_CHANNEL_PAGE: the data channel that pages of the protocol use
 * @ALCOVE_CHANNEL_ALCOVE: the channel between two Alcoves. It is negotiated out of band
 *   with a fixed id, so that a page that knows nothing of it never sees it.
 */
typedef enum {
  ALCOVE_CHANNEL_PAGE,
  ALCOVE_CHANNEL_ALCOVE,
} AlcoveChannel;

/* The fixed SCTP stream of ALCOVE_CHANNEL_ALCOVE; below the 1024 streams that
 * browsers announce, above what counting from zero reaches. */
#define ALCOVE_CHANNEL_ALCOVE_ID 1000

/* Longest text sent or accepted on a data channel, in bytes; webrtcbin 1.22
 * carries 64 KiB at most. */
#define ALCOVE_CHANNEL_MAX_TEXT (16 * 1024)

#define ALCOVE_TYPE_PEER_LINK (alcove_peer_link_get_type ())
G_DECLARE_INTERFACE (AlcovePeerLink, alcove_peer_link, ALCOVE, PEER_LINK, GObject)

/**
 * AlcovePeerLink:
 *
 * One peer connection, from its first description to its end. It is never reused: a
 * repaired or replaced pair gets a fresh link. An offer on a link that is negotiated already,
 * of either side, renews the description of the same connection. Link and signals live on the main
 * context; after alcove_peer_link_close() no signal is emitted any more.
 *
 * Signals:
 *  - `description (type, sdp)`: ready to be sent to the peer.
 *  - `candidate (mid, mline_index, candidate)`: to be sent to the peer, always after the description.
 *  - `connected`: DTLS is up and the certificate is the one that the description promised.
 *  - `failed (GError)`: this link is broken for good; close it.
 *  - `first-frame (width, height)`: the first decoded picture.
 *  - `channel-open (channel)`, `channel-text (channel, text)`, `channel-closed (channel)`.
 *  - `view-size-changed`: the peer's picture is drawn in another size here.
 *  - `speaking (gboolean)`: the peer's sound went over or under the speaking threshold.
 *  - `recording-failed (GError)`: the recording that was begun has ended before it was stopped.
 */
struct _AlcovePeerLinkInterface {
  GTypeInterface parent_iface;

  void     (*start_offer)         (AlcovePeerLink *self);
  void     (*set_remote)          (AlcovePeerLink       *self,
                                   AlcoveDescriptionType type,
                                   const char           *sdp);
  void     (*add_candidate)       (AlcovePeerLink *self,
                                   const char     *mid,
                                   int             mline_index,
                                   const char     *candidate);
  gboolean (*send_text)           (AlcovePeerLink *self,
                                   AlcoveChannel   channel,
                                   const char     *text);
  gint64   (*get_last_frame_time) (AlcovePeerLink *self);
  guint64  (*get_bytes_received)  (AlcovePeerLink *self);
  void     (*close)               (AlcovePeerLink *self);
  /* may be NULL: nothing ever waits */
  guint64  (*get_buffered)        (AlcovePeerLink *self,
                                   AlcoveChannel   channel);
  /* may be NULL: always sends */
  void     (*set_sending)         (AlcovePeerLink *self,
                                   gboolean        sending);
  /* may be NULL: nothing is measured */
  void     (*sample_async)        (AlcovePeerLink     *self,
                                   GCancellable       *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer            user_data);
  gboolean (*sample_finish)       (AlcovePeerLink  *self,
                                   GAsyncResult    *result,
                                   AlcoveLinkStats *stats,
                                   GError         **error);
  /* may be NULL: only the whole link closes */
  void     (*close_channel)       (AlcovePeerLink *self,
                                   AlcoveChannel   channel);
  /* may be NULL: always takes what comes */
  void     (*set_receiving)       (AlcovePeerLink *self,
                                   gboolean        receiving);
  /* may be NULL: it is never known */
  gboolean (*get_view_size)       (AlcovePeerLink *self,
                                   int            *width,
                                   int            *height);
  /* may be NULL: always sends the same */
  void     (*set_view_size)       (AlcovePeerLink *self,
                                   int             width,
                                   int             height);
  /* may be NULL: plays nothing, or always as it comes */
  void     (*set_volume)          (AlcovePeerLink *self,
                                   double          volume);
  /* may be NULL: can't be recorded */
  gboolean (*start_recording)     (AlcovePeerLink *self,
                                   const char     *path,
                                   GError        **error);
  void     (*stop_recording)      (AlcovePeerLink *self);
  /* may be NULL if start_recording is; its result is a GTask with the names of the files */
  void     (*end_recording_async) (AlcovePeerLink     *self,
                                   GAsyncReadyCallback callback,
                                   gpointer            user_data);
};

void     alcove_peer_link_start_offer         (AlcovePeerLink       *self);
void     alcove_peer_link_set_remote          (AlcovePeerLink       *self,
                                               AlcoveDescriptionType type,
                                               const char           *sdp);
void     alcove_peer_link_add_candidate       (AlcovePeerLink       *self,
                                               const char           *mid,
                                               int                   mline_index,
                                               const char           *candidate);
gboolean alcove_peer_link_send_text           (AlcovePeerLink       *self,
                                               AlcoveChannel         channel,
                                               const char           *text);
gint64   alcove_peer_link_get_last_frame_time (AlcovePeerLink       *self);
guint64  alcove_peer_link_get_bytes_received  (AlcovePeerLink       *self);
guint64  alcove_peer_link_get_buffered        (AlcovePeerLink       *self,
                                               AlcoveChannel         channel);
void     alcove_peer_link_set_sending         (AlcovePeerLink       *self,
                                               gboolean              sending);
void     alcove_peer_link_sample_async        (AlcovePeerLink       *self,
                                               GCancellable         *cancellable,
                                               GAsyncReadyCallback   callback,
                                               gpointer              user_data);
gboolean alcove_peer_link_sample_finish       (AlcovePeerLink       *self,
                                               GAsyncResult         *result,
                                               AlcoveLinkStats      *stats,
                                               GError              **error);
void     alcove_peer_link_close_channel       (AlcovePeerLink       *self,
                                               AlcoveChannel         channel);
void     alcove_peer_link_set_receiving       (AlcovePeerLink       *self,
                                               gboolean              receiving);
gboolean alcove_peer_link_get_view_size       (AlcovePeerLink       *self,
                                               int                  *width,
                                               int                  *height);
void     alcove_peer_link_set_view_size       (AlcovePeerLink       *self,
                                               int                   width,
                                               int                   height);
void     alcove_peer_link_set_volume          (AlcovePeerLink       *self,
                                               double                volume);
gboolean alcove_peer_link_start_recording     (AlcovePeerLink       *self,
                                               const char           *path,
                                               GError              **error);
void     alcove_peer_link_stop_recording      (AlcovePeerLink       *self);
void     alcove_peer_link_end_recording_async (AlcovePeerLink       *self,
                                               GAsyncReadyCallback   callback,
                                               gpointer              user_data);
gboolean alcove_peer_link_end_recording_finish (AlcovePeerLink      *self,
                                               GAsyncResult         *result,
                                               char               ***files,
                                               GError              **error);
void     alcove_peer_link_close               (AlcovePeerLink       *self);

/* For implementations. */
void     alcove_peer_link_return_recording    (GTask                *task,
                                               char                **files,
                                               GError               *error);
void     alcove_peer_link_emit_description    (AlcovePeerLink       *self,
                                               AlcoveDescriptionType type,
                                               const char           *sdp);
void     alcove_peer_link_emit_candidate      (AlcovePeerLink       *self,
                                               const char           *mid,
                                               int                   mline_index,
                                               const char           *candidate);
void     alcove_peer_link_emit_connected      (AlcovePeerLink       *self);
void     alcove_peer_link_emit_failed         (AlcovePeerLink       *self,
                                               const GError         *error);
void     alcove_peer_link_emit_first_frame    (AlcovePeerLink       *self,
                                               int                   width,
                                               int                   height);
void     alcove_peer_link_emit_channel_open   (AlcovePeerLink       *self,
                                               AlcoveChannel         channel);
void     alcove_peer_link_emit_channel_text   (AlcovePeerLink       *self,
                                               AlcoveChannel         channel,
                                               const char           *text);
void     alcove_peer_link_emit_channel_closed (AlcovePeerLink       *self,
                                               AlcoveChannel         channel);
void     alcove_peer_link_emit_speaking       (AlcovePeerLink       *self,
                                               gboolean              speaking);
void     alcove_peer_link_emit_view_size_changed (AlcovePeerLink    *self);
void     alcove_peer_link_emit_recording_failed (AlcovePeerLink     *self,
                                                 const GError       *error);

/**
 * AlcovePeerLinkOptions:
 * @peer: the peer's id, for logs
 * @full_descriptions: gather candidates, for at most 2 s, before a description is emitted
 * @channel_label: (nullable): label of the page channel that the offerer creates
 * @serial: how many links there were to this peer before: a page may have put them all
 *   into one connection of its own
 */
typedef struct {
  const char *peer;
  gboolean full_descriptions;
  const char *channel_label;
  guint serial;
} AlcovePeerLinkOptions;

#define ALCOVE_TYPE_PEER_LINK_FACTORY (alcove_peer_link_factory_get_type ())
G_DECLARE_INTERFACE (AlcovePeerLinkFactory, alcove_peer_link_factory, ALCOVE, PEER_LINK_FACTORY, GObject)

/**
 * AlcovePeerLinkFactory:
 *
 * Makes links: the media engine, or a fake in tests.
 */
struct _AlcovePeerLinkFactoryInterface {
  GTypeInterface parent_iface;

  AlcovePeerLink *(*create_link) (AlcovePeerLinkFactory       *self,
                                  const AlcovePeerLinkOptions *options,
                                  GError                     **error);
};

AlcovePeerLink *alcove_peer_link_factory_create_link (AlcovePeerLinkFactory       *self,
                                                      const AlcovePeerLinkOptions *options,
                                                      GError                     **error);

G_END_DECLS
