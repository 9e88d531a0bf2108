/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Chromium's largest offers are a few dozen kilobytes; the original servers pass 2 MB. */
#define ALCOVE_SDP_MAX_LENGTH (3 * 1024 * 1024)
#define ALCOVE_SDP_MAX_SECTIONS 32
/* What is done with a description takes the square of these at worst. */
#define ALCOVE_SDP_MAX_LINES 50000
#define ALCOVE_SDP_MAX_FORMATS 255

/**
 * AlcoveSdpInfo:
 * @session_id: the session id of the `o=` line
 * @fingerprints: NULL-terminated `sha-256 AB:CD:…` values, hash name in lower case, hex in
 *   upper case, without repetition
 * @ufrags: NULL-terminated ICE user fragments, without repetition; empty if there is none
 * @mids: NULL-terminated, one a media section, an empty text where it has no `a=mid`
 * @n_sections: how many media sections there are, rejected ones included
 * @n_media: how many of them are for sound or pictures and not rejected
 * @n_sending: how many of those the side that wrote this sends in
 * @sends_pictures: whether one of these is for pictures
 * @has_candidates: whether it brings candidates with it
 *
 * What the negotiation of a pair needs to know of a description.
 */
typedef struct {
  char *session_id;
  GStrv fingerprints;
  GStrv ufrags;
  GStrv mids;
  guint n_sections;
  guint n_media;
  guint n_sending;
  gboolean sends_pictures;
  gboolean has_candidates;
} AlcoveSdpInfo;

AlcoveSdpInfo *alcove_sdp_inspect         (const char    *sdp,
                                           GError       **error);
void           alcove_sdp_info_free       (AlcoveSdpInfo *self);
char          *alcove_sdp_candidate_ufrag (const char    *candidate);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AlcoveSdpInfo, alcove_sdp_info_free)

G_END_DECLS
