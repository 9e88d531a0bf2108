/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>
#include <gst/sdp/sdp.h>

#include "alcove-video-codec.h"

G_BEGIN_DECLS

#define ALCOVE_EXTENSION_TWCC \
  "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01"

/**
 * AlcoveOfferedLine:
 * @index: of the media section we use; -1 if the offer has none that suits
 * @payload: the payload type that the offer gives our codec
 * @retransmission: the one that it gives to what is sent again, -1 if there is none
 * @twcc: the offer's id of the transport-wide congestion control extension, 0 if it has none
 * @codec: of pictures: which codec that is
 */
typedef struct {
  int index;
  int payload;
  int retransmission;
  int twcc;
  AlcoveVideoCodec codec;
} AlcoveOfferedLine;

/**
 * AlcoveOffered:
 * @audio: the section for Opus
 * @video: the section for pictures
 * @data: whether there is a section for data channels
 */
typedef struct {
  AlcoveOfferedLine audio;
  AlcoveOfferedLine video;
  gboolean data;
} AlcoveOffered;

GstSDPMessage *alcove_description_prepare_offer  (const char              *sdp,
                                                  const AlcoveVideoCodecs *codecs,
                                                  AlcoveOffered           *offered,
                                                  GError                 **error);
GstSDPMessage *alcove_description_prepare_answer (const char              *sdp,
                                                  const GstSDPMessage     *offer,
                                                  AlcoveOfferedLine       *video,
                                                  GError                 **error);
void           alcove_description_accept_offered (GstSDPMessage          *answer,
                                                  const GstSDPMessage     *offer,
                                                  guint                    index);
void           alcove_description_offer_codecs   (GstSDPMessage           *offer,
                                                  const AlcoveOfferedLine *lines,
                                                  guint                    n_lines);

GStrv          alcove_description_list_names     (const GstSDPMessage *message);
void           alcove_description_name_sections  (GstSDPMessage       *message,
                                                  const char *const   *names);
void           alcove_description_continue       (GstSDPMessage       *offer,
                                                  const GstSDPMessage *remote,
                                                  gboolean             is_active,
                                                  GStrv               *directions);
void           alcove_description_set_fingerprint (GstSDPMessage     *message,
                                                  const char          *fingerprint);
GstSDPMessage *alcove_description_complete       (const GstSDPMessage *ours,
                                                  const char          *session,
                                                  guint                version,
                                                  const GstSDPMessage *previous,
                                                  const char *const   *names,
                                                  const char *const   *directions);
void           alcove_description_unname_streams (GstSDPMessage       *message);

G_END_DECLS
