/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-link-stats-json"

#include "config.h"

#include "alcove-link-stats-json.h"

/*
 * Statistics in the words that scripts read and people copy: the same in both.
 */

/* A figure that is not known is null, never a number that looks like one. */
static void
add_figure (JsonBuilder *builder,
            const char *member,
            double value,
            gboolean known)
{
  json_builder_set_member_name (builder, member);
  if (known)
    json_builder_add_double_value (builder, value);
  else
    json_builder_add_null_value (builder);
}

static void
add_int (JsonBuilder *builder,
         const char *member,
         gint64 value)
{
  json_builder_set_member_name (builder, member);
  json_builder_add_int_value (builder, value);
}

static void
add_word (JsonBuilder *builder,
          const char *member,
          const char *value)
{
  json_builder_set_member_name (builder, member);
  if (value != NULL && *value != '\0')
    json_builder_add_string_value (builder, value);
  else
    json_builder_add_null_value (builder);
}

/**
 * alcove_candidate_type_to_text:
 * @type: a type
 *
 * Returns: (transfer none) (nullable): its name in ICE (RFC 8839), or %NULL if it is unknown
 */
const char *
alcove_candidate_type_to_text (AlcoveCandidateType type)
{
  switch (type)
    {
    case ALCOVE_CANDIDATE_HOST:
      return "host";
    case ALCOVE_CANDIDATE_SRFLX:
      return "srflx";
    case ALCOVE_CANDIDATE_PRFLX:
      return "prflx";
    case ALCOVE_CANDIDATE_RELAY:
      return "relay";
    case ALCOVE_CANDIDATE_UNKNOWN:
    default:
      return NULL;
    }
}

/**
 * alcove_link_stats_is_relayed:
 * @self: a sample
 *
 * Returns: whether everything goes through a TURN server, of either side
 */
gboolean
alcove_link_stats_is_relayed (const AlcoveLinkStats *self)
{
  return self->local_candidate == ALCOVE_CANDIDATE_RELAY
         || self->remote_candidate == ALCOVE_CANDIDATE_RELAY;
}

/**
 * alcove_link_stats_add_json:
 * @self: a sample
 * @builder: a builder within an object
 *
 * Adds a member for each figure. What is not known is null.
 */
void
alcove_link_stats_add_json (const AlcoveLinkStats *self,
                            JsonBuilder *builder)
{
  gboolean connected = self->local_candidate != ALCOVE_CANDIDATE_UNKNOWN
                       || self->remote_candidate != ALCOVE_CANDIDATE_UNKNOWN;

  add_figure (builder, "fps_in", self->fps_in, TRUE);
  add_figure (builder, "fps_out", self->fps_out, TRUE);
  add_int (builder, "width", self->width);
  add_int (builder, "height", self->height);
  add_word (builder, "codec_in", self->codec_in);
  add_word (builder, "codec_out", self->codec_out);
  add_word (builder, "rung", self->rung);
  add_figure (builder, "kbps_in", self->kbps_in, TRUE);
  add_figure (builder, "kbps_out", self->kbps_out, TRUE);
  add_figure (builder, "estimate_kbps", self->estimate_kbps, self->estimate_kbps >= 0);
  add_figure (builder, "target_kbps", self->target_kbps, self->target_kbps >= 0);
  add_int (builder, "load_step", self->load_step);
  add_int (builder, "draw_step", self->draw_step);
  add_figure (builder, "rtt_ms", self->rtt_ms, self->rtt_ms >= 0);
  add_figure (builder, "loss", self->loss, self->loss >= 0);
  add_figure (builder, "loss_in", self->loss_in, self->loss_in >= 0);
  add_figure (builder, "jitter_ms", self->jitter_ms, self->jitter_ms >= 0);
  add_figure (builder, "buffer_ms", self->buffer_ms, self->buffer_ms >= 0);
  add_word (builder, "local_candidate", alcove_candidate_type_to_text (self->local_candidate));
  add_word (builder, "remote_candidate", alcove_candidate_type_to_text (self->remote_candidate));
  json_builder_set_member_name (builder, "relayed");
  if (connected)
    json_builder_add_boolean_value (builder, alcove_link_stats_is_relayed (self));
  else
    json_builder_add_null_value (builder);
  add_figure (builder, "frame_age_ms", (double) self->frame_age_ms, self->frame_age_ms >= 0);
  add_int (builder, "frames_decoded", (gint64) self->frames_decoded);
  add_figure (builder, "picture", self->picture, self->picture >= 0);
  add_figure (builder, "picture_counter", (double) self->picture_counter,
              self->picture_counter >= 0);
  add_int (builder, "sound_ms", (gint64) self->sound_ms);
  add_int (builder, "sound_guessed_ms", (gint64) self->sound_guessed_ms);
  add_int (builder, "sound_missed_ms", (gint64) self->sound_missed_ms);
  add_figure (builder, "tone_hz", self->tone_hz, self->tone_hz > 0);
}
