/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-media-link"

#include "config.h"

#include <string.h>

#include "alcove-debug.h"
#include "alcove-media-link-parts.h"

/* Longer ones are no candidates. */
#define MAX_CANDIDATE_LENGTH 1024

static void
candidate_free (gpointer data)
{
  AlcoveLinkCandidate *candidate = data;

  g_free (candidate->candidate);
  g_free (candidate);
}

static void
emit_candidate (AlcoveMediaLink *self,
                const AlcoveLinkCandidate *candidate)
{
  const char *mid = NULL;

  if (self->local_mids != NULL
      && candidate->mline_index < (int) g_strv_length (self->local_mids))
    mid = self->local_mids[candidate->mline_index];

  alcove_peer_link_emit_candidate (ALCOVE_PEER_LINK (self), mid, candidate->mline_index,
                                   candidate->candidate);
}

static void
on_local_candidate (gpointer object,
                    gpointer data)
{
  AlcoveMediaLink *self = ALCOVE_MEDIA_LINK (object);
  AlcoveLinkCandidate *candidate = data;

  if (!alcove_media_link_is_alive (self))
    return;

  alcove_debug_print (ALCOVE_DEBUG_ICE, "%s: ours: %d %s", self->peer, candidate->mline_index,
                      candidate->candidate);
  if (self->described)
    emit_candidate (self, candidate);
  else if (self->local_candidates->len < ALCOVE_LINK_MAX_CANDIDATES)
    {
      AlcoveLinkCandidate *kept = g_new0 (AlcoveLinkCandidate, 1);

      kept->mline_index = candidate->mline_index;
      kept->candidate = g_steal_pointer (&candidate->candidate);
      g_ptr_array_add (self->local_candidates, kept);
    }
}

static void
on_ice_candidate (GstElement *webrtc,
                  guint mline_index,
                  char *text,
                  gpointer data)
{
  AlcoveLinkCore *core = data;
  AlcoveLinkCandidate *candidate;

  if (text == NULL || *text == '\0')
    return;

  candidate = g_new0 (AlcoveLinkCandidate, 1);
  candidate->mline_index = (int) mline_index;
  candidate->candidate = g_strdup (text);
  alcove_media_hop (core->handle, on_local_candidate, candidate, candidate_free);
}

static void
apply_candidate (AlcoveMediaLink *self,
                 const AlcoveLinkCandidate *candidate)
{
  if (candidate->mline_index < 0 || self->remote_mids == NULL
      || candidate->mline_index >= (int) g_strv_length (self->remote_mids))
    {
      alcove_debug_print (ALCOVE_DEBUG_ICE, "%s: a candidate for an unknown section was dropped",
                          self->peer);
      return;
    }

  alcove_debug_print (ALCOVE_DEBUG_ICE, "%s: theirs: %d %s", self->peer, candidate->mline_index,
                      candidate->candidate);
  g_signal_emit_by_name (self->webrtc, "add-ice-candidate", (guint) candidate->mline_index,
                         candidate->candidate);
}

/**
 * alcove_media_link_candidates_init:
 * @self: a link
 */
void
alcove_media_link_candidates_init (AlcoveMediaLink *self)
{
  self->local_candidates = g_ptr_array_new_with_free_func (candidate_free);
  self->remote_candidates = g_ptr_array_new_with_free_func (candidate_free);

  g_signal_connect_data (self->webrtc, "on-ice-candidate", G_CALLBACK (on_ice_candidate),
                         alcove_link_core_ref (self->core),
                         (GClosureNotify) (void (*) (void)) alcove_link_core_unref, 0);
}

/**
 * alcove_media_link_release_candidates:
 * @self: a link, which the caller holds a reference to
 * @description: our description
 *
 * Sends our description, then the candidates that were held back for it.
 */
void
alcove_media_link_release_candidates (AlcoveMediaLink *self,
                                      const char *description)
{
  g_autoptr (GPtrArray) candidates = g_steal_pointer (&self->local_candidates);

  self->local_candidates = g_ptr_array_new_with_free_func (candidate_free);
  alcove_peer_link_emit_description (ALCOVE_PEER_LINK (self), self->local_type, description);
  /* a full description has them inside already */
  for (guint i = 0; !self->full_descriptions && i < candidates->len; i++)
    if (alcove_media_link_is_alive (self))
      emit_candidate (self, g_ptr_array_index (candidates, i));
}

/**
 * alcove_media_link_apply_candidates:
 * @self: a link that has the far side's description
 *
 * Hands the candidates that came before it to webrtcbin.
 */
void
alcove_media_link_apply_candidates (AlcoveMediaLink *self)
{
  g_autoptr (GPtrArray) candidates = g_steal_pointer (&self->remote_candidates);

  for (guint i = 0; candidates != NULL && i < candidates->len; i++)
    apply_candidate (self, g_ptr_array_index (candidates, i));
}

/**
 * alcove_media_link_do_add_candidate:
 * @self: a link
 * @mid: (nullable): of the section it is for
 * @mline_index: of that section, if there is no @mid
 * @candidate: text from a stranger
 *
 * See alcove_peer_link_add_candidate(). Candidates that come before the description are kept.
 */
void
alcove_media_link_do_add_candidate (AlcoveMediaLink *self,
                                    const char *mid,
                                    int mline_index,
                                    const char *candidate)
{
  AlcoveLinkCandidate *entry;

  if (!alcove_media_link_is_alive (self) || candidate == NULL)
    return;

  /* webrtcbin 1.22 takes anything else for the end of candidates */
  if (g_str_has_prefix (candidate, "a="))
    candidate += strlen ("a=");
  if (!g_str_has_prefix (candidate, "candidate:") || strlen (candidate) > MAX_CANDIDATE_LENGTH
      || strpbrk (candidate, "\r\n") != NULL || !g_str_is_ascii (candidate))
    {
      alcove_debug_print (ALCOVE_DEBUG_ICE, "%s: an unreadable candidate was dropped", self->peer);
      return;
    }

  entry = g_new0 (AlcoveLinkCandidate, 1);
  entry->mline_index = mline_index;
  entry->candidate = g_strdup (candidate);

  if (mid != NULL && *mid != '\0' && self->remote_mids != NULL)
    for (int i = 0; self->remote_mids[i] != NULL; i++)
      if (strcmp (self->remote_mids[i], mid) == 0)
        entry->mline_index = i;

  if (self->remote_set)
    {
      apply_candidate (self, entry);
      candidate_free (entry);
    }
  else if (self->remote_candidates->len < ALCOVE_LINK_MAX_CANDIDATES)
    g_ptr_array_add (self->remote_candidates, entry);
  else
    candidate_free (entry);
}
