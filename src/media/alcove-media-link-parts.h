/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gst/rtp/rtp.h>
#include <gst/sdp/sdp.h>

#include "alcove-bandwidth.h"
#include "alcove-description.h"
#include "alcove-link-core.h"
#include "alcove-media-link-private.h"

G_BEGIN_DECLS

/* What the files of the link share and nobody else sees. */

/* Candidates are held until the descriptions they belong to are in place. */
#define ALCOVE_LINK_MAX_CANDIDATES 256

typedef enum {
  ALCOVE_LINK_NEW,
  ALCOVE_LINK_OFFERING,
  ALCOVE_LINK_ANSWERING,
  ALCOVE_LINK_NEGOTIATED,
  ALCOVE_LINK_FAILED,
  ALCOVE_LINK_CLOSED,
} AlcoveLinkState;

typedef struct {
  int mline_index;
  char *candidate;
} AlcoveLinkCandidate;

/* How long a jitter buffer waits for a lost packet to be sent again, in milliseconds. */
#define ALCOVE_MEDIA_LINK_PATIENCE_MS 80

struct _AlcoveMediaLink {
  GObject parent_instance;

  /* as set up */
  char *peer;
  gboolean full_descriptions;
  char *channel_label;
  guint serial;
  AlcoveLadder *video;
  AlcoveFanOut *audio;
  AlcovePlayout *playout;
  AlcoveWorkers *workers;
  AlcoveRecordings *recordings;

  AlcoveRecorder *begun; /* by alcove_peer_link_start_recording(), until it is asked for */

  AlcoveMediaHandle *handle;
  AlcoveLinkCore *core;
  GstElement *pipeline;
  GstElement *webrtc;
  GstBus *bus;

  AlcoveLinkState state;
  gboolean connected;
  gboolean remote_set;
  gint64 created;

  /* codecs of pictures */
  AlcoveVideoCodecs codecs; /* that may be agreed on */
  AlcoveOfferedLine video_line; /* what was agreed on; its index is -1 before */

  /* sending */
  GstPad *video_sink; /* of webrtcbin */
  guint32 video_ssrc;
  GstAppSrc *video_source; /* once there is a codec */
  GstAppSrc *audio_source;
  AlcoveLadderView *view; /* while we send pictures */
  gboolean subscribed;
  gboolean sending; /* as far as it is up to us */
  int view_width;   /* of our picture over there; -1 if that is not known */
  int view_height;

  /* what the network and this machine bear */
  AlcoveAdaptation *adaptation;
  AlcoveAdaptationGuest *guest;
  AlcoveBandwidth *bandwidth;
  guint adapt_source;
  double loss; /* of pictures, smoothed */
  guint estimate; /* bits a second, 0 if unknown */
  double told_estimate;
  char told_rung[ALCOVE_RUNG_NAME_SIZE]; /* empty before the first picture */
  gint64 told_rung_at;
  gint64 heard; /* the latest word about packets that was seen */
  gint64 silent_since;
  guint64 silent_frames;
  gint64 asked; /* for a report */
  gint64 reported;
  guint64 reported_bytes;
  double least_rtt_ms;
  double former_rtt_ms;
  gboolean is_far; /* what is asked for again would come too late */

  /* receiving */
  gboolean receiving; /* as far as it is up to us */

  /* negotiation */
  guint gathering_timeout;
  guint connect_timeout;
  gboolean described;
  AlcoveDescriptionType local_type;
  GStrv section_names; /* what the far side knows our sections by, if not by webrtcbin's names */
  GStrv local_mids;
  GStrv remote_mids;
  char *session;
  guint n_descriptions;
  GstSDPMessage *sent; /* our last description */
  gboolean unnamed; /* the last offer did not name our streams */
  GStrv offered_directions; /* of an offer on a running connection */
  GPtrArray *local_candidates;
  GPtrArray *remote_candidates;

  /* channels */
  GstWebRTCDataChannel *page_channel;
  GstWebRTCDataChannel *alcove_channel;
  gboolean page_open;
  gboolean alcove_open;

  /* statistics */
  GHashTable *samplings;
  guint last_sampling;
  gint64 sampled; /* the end of the span that the rates refer to */
  AlcoveLinkCounters counters; /* at that moment */
  AlcoveLinkStats rates;
};

/* alcove-media-link.c */
void     alcove_media_link_fail             (AlcoveMediaLink       *self,
                                             int                    code,
                                             const char            *message);
void     alcove_media_link_on_mismatch      (gpointer               object,
                                             gpointer               data);
void     alcove_media_link_verify           (AlcoveMediaLink       *self);
gboolean alcove_media_link_is_alive         (AlcoveMediaLink       *self);
char    *alcove_media_link_get_certificate  (AlcoveMediaLink       *self);

/* alcove-media-link-negotiation.c */
void     alcove_media_link_negotiation_init (AlcoveMediaLink       *self);
void     alcove_media_link_do_start_offer   (AlcoveMediaLink       *self);
void     alcove_media_link_do_set_remote    (AlcoveMediaLink       *self,
                                             AlcoveDescriptionType  type,
                                             const char            *sdp);
void     alcove_media_link_negotiation_stop (AlcoveMediaLink       *self);

/* alcove-media-link-candidates.c */
void     alcove_media_link_candidates_init  (AlcoveMediaLink       *self);
void     alcove_media_link_do_add_candidate (AlcoveMediaLink       *self,
                                             const char            *mid,
                                             int                    mline_index,
                                             const char            *candidate);
void     alcove_media_link_release_candidates (AlcoveMediaLink     *self,
                                             const char            *description);
void     alcove_media_link_apply_candidates (AlcoveMediaLink       *self);

/* alcove-media-link-send.c */
gboolean alcove_media_link_add_senders      (AlcoveMediaLink       *self,
                                             const AlcoveOffered   *offered);
gboolean alcove_media_link_add_more_senders (AlcoveMediaLink       *self,
                                             const AlcoveOffered   *offered);
gboolean alcove_media_link_settle_video     (AlcoveMediaLink       *self,
                                             const AlcoveOfferedLine *line);
void     alcove_media_link_announce_senders (AlcoveMediaLink       *self);
void     alcove_media_link_subscribe        (AlcoveMediaLink       *self);
void     alcove_media_link_unsubscribe      (AlcoveMediaLink       *self);

void     alcove_media_link_do_set_sending   (AlcoveMediaLink       *self,
                                             gboolean               sending);

void     alcove_media_link_do_set_view_size (AlcovePeerLink        *link,
                                             int                    width,
                                             int                    height);

/* alcove-media-link-receive.c */
void     alcove_media_link_receive_init     (AlcoveMediaLink       *self);
void     alcove_media_link_do_set_receiving (AlcoveMediaLink       *self,
                                             gboolean               receiving);
gboolean alcove_media_link_do_get_view_size (AlcovePeerLink        *link,
                                             int                   *width,
                                             int                   *height);
void     alcove_media_link_do_set_volume    (AlcoveMediaLink       *self,
                                             double                 volume);

/* alcove-media-link-record.c */
gboolean alcove_media_link_do_start_recording (AlcovePeerLink     *link,
                                               const char         *path,
                                               GError            **error);
void     alcove_media_link_do_stop_recording  (AlcovePeerLink     *link);
void     alcove_media_link_do_end_recording   (AlcovePeerLink     *link,
                                               GAsyncReadyCallback callback,
                                               gpointer            user_data);

/* alcove-media-link-adapt.c */
void     alcove_media_link_watch_session    (GstElement            *element,
                                             AlcoveLinkCore        *core);
void     alcove_media_link_adapt_init       (AlcoveMediaLink       *self,
                                             AlcoveAdaptation      *adaptation);
void     alcove_media_link_adapt_clear      (AlcoveMediaLink       *self);
void     alcove_media_link_adapt_start      (AlcoveMediaLink       *self);
void     alcove_media_link_adapt_stop       (AlcoveMediaLink       *self);
void     alcove_media_link_on_report        (AlcoveMediaLink       *self,
                                             double                 rtt_ms,
                                             double                 loss);

/* alcove-media-link-channels.c */
void     alcove_media_link_channels_init    (AlcoveMediaLink       *self);
void     alcove_media_link_add_channels     (AlcoveMediaLink       *self,
                                             gboolean               with_page);
gboolean alcove_media_link_do_send_text     (AlcoveMediaLink       *self,
                                             AlcoveChannel          channel,
                                             const char            *text);
guint64  alcove_media_link_do_get_buffered  (AlcoveMediaLink       *self,
                                             AlcoveChannel          channel);
void     alcove_media_link_do_close_channel (AlcovePeerLink        *link,
                                             AlcoveChannel          channel);
void     alcove_media_link_check_channels   (AlcoveMediaLink       *self);
void     alcove_media_link_channels_stop    (AlcoveMediaLink       *self);

/* alcove-media-link-stats.c */
void     alcove_media_link_stats_init       (AlcoveMediaLink       *self);
void     alcove_media_link_stats_stop       (AlcoveMediaLink       *self);
void     alcove_media_link_ask_for_report   (AlcoveMediaLink       *self);
void     alcove_media_link_do_sample        (AlcovePeerLink        *link,
                                             GCancellable          *cancellable,
                                             GAsyncReadyCallback    callback,
                                             gpointer               user_data);
gboolean alcove_media_link_do_sample_finish (AlcovePeerLink        *link,
                                             GAsyncResult          *result,
                                             AlcoveLinkStats       *stats,
                                             GError               **error);

G_END_DECLS
