/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-peer-negotiation"

#include "config.h"

#include "alcove-peer-private.h"

#include <glib/gi18n.h>

#include "alcove-participant-private.h"
#include "alcove-sdp.h"

/*
 * Descriptions and candidates of a pair. What comes from the far side is checked here
 * before a link sees it, and never ends more than this pair.
 */

typedef struct {
  char *mid;
  int mline_index;
  char *text;
} Candidate;

static void
candidate_free (gpointer data)
{
  Candidate *self = data;

  g_free (self->mid);
  g_free (self->text);
  g_free (self);
}

static void
report (AlcovePeer *self,
        AlcoveError code,
        const char *message)
{
  g_autoptr (GError) error = g_error_new_literal (ALCOVE_ERROR, (int) code, message);

  alcove_peer_emit_problem (self, error);
}

/* Closes the link, if there is one. Returns whether the pair was left as it is then,
 * and nobody began something else from within a notification. */
gboolean
alcove_peer_drop_link (AlcovePeer *self)
{
  g_autoptr (AlcovePeerLink) link = g_steal_pointer (&self->link);
  const guint epoch = ++self->epoch;

  g_queue_clear_full (&self->early, candidate_free);
  g_clear_pointer (&self->remote_session, g_free);
  g_clear_pointer (&self->remote_ufrags, g_strfreev);
  self->offer_sent = FALSE;
  self->remote_set = FALSE;
  self->receives_only = FALSE;
  self->sound_only = FALSE;
  self->renewing = FALSE;
  self->n_candidates = 0;
  self->has_candidate = FALSE;
  self->checking = FALSE;
  self->refused_early = FALSE;
  self->connected_at = 0;
  self->live_since = 0;
  self->heartbeat_at = 0;
  self->bytes_at = 0;
  self->bytes = 0;
  self->channels = 0;
  self->closed_at = 0;

  if (link != NULL)
    {
      g_signal_handlers_disconnect_by_data (link, self);
      alcove_peer_link_close (link);
      alcove_peer_emit_link_changed (self);
    }

  /* Without a link too: an earlier one may be on its way through here further up. */
  if (self->epoch == epoch)
    alcove_participant_set_link (self->participant, NULL);
  if (self->epoch == epoch)
    alcove_participant_set_connected (self->participant, FALSE);
  if (self->epoch == epoch)
    alcove_participant_set_speaking (self->participant, FALSE);
  return self->epoch == epoch;
}

static gboolean
make_link (AlcovePeer *self)
{
  AlcovePeerLinkOptions options = {
    .peer = alcove_participant_get_id (self->participant),
    .full_descriptions = self->full_descriptions,
    .channel_label = self->channel_label,
  };
  g_autoptr (GError) error = NULL;
  guint epoch;

  if (!alcove_peer_drop_link (self))
    return FALSE;

  epoch = self->epoch;
  self->deadline = alcove_peer_get_now (self) + ALCOVE_PEER_CONNECT_WITHIN;
  options.serial = self->n_links++;
  self->link = alcove_peer_link_factory_create_link (self->factory, &options, &error);
  if (self->link == NULL)
    {
      alcove_peer_fail (self, error);
      return FALSE;
    }

  alcove_peer_watch_link (self, self->link);
  if (!self->sending)
    alcove_peer_link_set_sending (self->link, FALSE);
  if (self->resting)
    alcove_peer_link_set_receiving (self->link, FALSE);
  alcove_participant_set_link (self->participant, self->link);
  if (self->epoch == epoch)
    alcove_peer_show_waiting (self);
  return self->epoch == epoch;
}

/* The caller keeps the peer alive. */
void
alcove_peer_begin_offer (AlcovePeer *self)
{
  g_autoptr (AlcovePeerLink) link = NULL;

  if (!make_link (self))
    return;

  link = g_object_ref (self->link);
  alcove_peer_set_state (self, ALCOVE_PEER_HAVE_OFFER);
  if (self->link == link)
    alcove_peer_link_start_offer (link);
}

/* Whether a candidate is for the description in use. One that does not tell is taken for
 * it: only browsers tell, and only most of them. */
static gboolean
belongs (AlcovePeer *self,
         const char *candidate)
{
  g_autofree char *ufrag = alcove_sdp_candidate_ufrag (candidate);

  return ufrag == NULL || *self->remote_ufrags == NULL
         || g_strv_contains ((const char *const *) self->remote_ufrags, ufrag);
}

static void
apply_remote (AlcovePeer *self,
              AlcoveDescriptionType type,
              const AlcoveSdpInfo *info,
              const char *sdp,
              GQueue *candidates)
{
  g_autoptr (AlcovePeerLink) link = g_object_ref (self->link);
  gboolean noted = info->has_candidates;
  Candidate *candidate;

  if (self->connected_at == 0)
    alcove_peer_show_waiting (self);
  if ((self->receives_only && info->n_sending > 0) || (self->sound_only && info->sends_pictures))
    self->resumed_at = alcove_peer_get_now (self);
  g_free (self->remote_session);
  self->remote_session = g_strdup (info->session_id);
  g_strfreev (self->remote_ufrags);
  self->remote_ufrags = g_strdupv (info->ufrags);
  self->remote_set = TRUE;
  self->receives_only = info->n_sending == 0;
  self->sound_only = !info->sends_pictures;
  alcove_participant_set_data_only (self->participant, info->n_media == 0);
  if (self->link == link)
    alcove_peer_link_set_remote (link, type, sdp);

  while ((candidate = g_queue_pop_head (candidates)) != NULL)
    {
      if (self->link == link && belongs (self, candidate->text))
        {
          alcove_peer_link_add_candidate (link, candidate->mid, candidate->mline_index,
                                          candidate->text);
          noted = TRUE;
        }
      candidate_free (candidate);
    }

  if (noted && self->link == link)
    alcove_peer_note_candidate (self);
}

static void
take_early (AlcovePeer *self,
            GQueue *early)
{
  *early = self->early;
  g_queue_init (&self->early);
}

static void
handle_offer (AlcovePeer *self,
              const AlcoveSdpInfo *info,
              const char *sdp)
{
  GQueue early = G_QUEUE_INIT;
  gboolean same = self->remote_set && g_strcmp0 (self->remote_session, info->session_id) == 0;

  if (self->state == ALCOVE_PEER_HAVE_OFFER
      && alcove_participant_get_we_offer (self->participant))
    {
      report (self, ALCOVE_ERROR_UNEXPECTED, _ ("Two offers crossed each other; ours was kept."));
      return;
    }

  if (same && self->renewing)
    {
      report (self, ALCOVE_ERROR_UNEXPECTED, _ ("Two offers crossed each other; ours was kept."));
      return;
    }

  if (same && self->state == ALCOVE_PEER_HAVE_ANSWER)
    {
      report (self, ALCOVE_ERROR_UNEXPECTED, _ ("The same offer came twice."));
      return;
    }

  /* Candidates that waited came before this one, and may belong to it. */
  take_early (self, &early);

  if (same && self->link != NULL)
    apply_remote (self, ALCOVE_DESCRIPTION_OFFER, info, sdp, &early);
  else if (make_link (self))
    {
      const guint epoch = self->epoch;

      alcove_peer_set_state (self, ALCOVE_PEER_HAVE_ANSWER);
      if (self->epoch == epoch)
        apply_remote (self, ALCOVE_DESCRIPTION_OFFER, info, sdp, &early);
    }
  g_queue_clear_full (&early, candidate_free);
}

static void
handle_answer (AlcovePeer *self,
               const AlcoveSdpInfo *info,
               const char *sdp)
{
  const guint epoch = self->epoch;
  GQueue early = G_QUEUE_INIT;

  if (self->renewing && self->offer_sent)
    {
      self->renewing = FALSE;
      take_early (self, &early);
      apply_remote (self, ALCOVE_DESCRIPTION_ANSWER, info, sdp, &early);
      g_queue_clear_full (&early, candidate_free);
      return;
    }

  if (self->state != ALCOVE_PEER_HAVE_OFFER || !self->offer_sent)
    {
      report (self, ALCOVE_ERROR_UNEXPECTED,
              _ ("An answer came to an offer that was never made."));
      return;
    }

  alcove_peer_set_state (self, ALCOVE_PEER_CONNECTING);
  if (self->epoch != epoch)
    return;

  take_early (self, &early);
  apply_remote (self, ALCOVE_DESCRIPTION_ANSWER, info, sdp, &early);
  g_queue_clear_full (&early, candidate_free);
}

/**
 * alcove_peer_handle_description:
 * @self: a peer
 * @type: offer or answer
 * @sdp: the text, from a stranger
 *
 * Takes the far side's description. A bad one is a `problem`, and a link that
 * runs goes on.
 */
void
alcove_peer_handle_description (AlcovePeer *self,
                                AlcoveDescriptionType type,
                                const char *sdp)
{
  g_autoptr (AlcovePeer) alive = g_object_ref (self);
  g_autoptr (GError) error = NULL;
  g_autoptr (AlcoveSdpInfo) info = alcove_sdp_inspect (sdp, &error);

  if (info == NULL)
    {
      /* Our offer will never get a better answer than this. */
      if (type == ALCOVE_DESCRIPTION_ANSWER && self->state == ALCOVE_PEER_HAVE_OFFER
          && self->offer_sent)
        alcove_peer_fail (self, error);
      else
        alcove_peer_emit_problem (self, error);
      return;
    }

  self->heard = TRUE;
  self->silent = FALSE;
  self->unreachable = FALSE;
  if (type == ALCOVE_DESCRIPTION_OFFER)
    handle_offer (self, info, sdp);
  else
    handle_answer (self, info, sdp);
}

/**
 * alcove_peer_handle_candidate:
 * @self: a peer
 * @mid: (nullable): the media section's mid
 * @mline_index: the media section's index, or -1
 * @text: the candidate, from a stranger
 *
 * Takes a candidate, at most %ALCOVE_PEER_MAX_CANDIDATES for one link. One that comes
 * before its description waits for it, also where another description is in use still, if
 * the candidate tells; at most %ALCOVE_PEER_MAX_EARLY_CANDIDATES wait.
 */
void
alcove_peer_handle_candidate (AlcovePeer *self,
                              const char *mid,
                              int mline_index,
                              const char *text)
{
  Candidate *candidate;

  if (self->state == ALCOVE_PEER_CLOSED)
    return;

  if (self->link != NULL && self->remote_set && belongs (self, text))
    {
      g_autoptr (AlcovePeer) alive = g_object_ref (self);
      g_autoptr (AlcovePeerLink) link = g_object_ref (self->link);

      /* Said once a link, so that who floods us does not flood the log as well. */
      if (self->n_candidates == ALCOVE_PEER_MAX_CANDIDATES)
        report (self, ALCOVE_ERROR_TOO_MANY, _ ("A candidate was over the limit."));
      else if (self->n_candidates < ALCOVE_PEER_MAX_CANDIDATES)
        {
          alcove_peer_link_add_candidate (link, mid, mline_index, text);
          if (self->link == link)
            alcove_peer_note_candidate (self);
        }
      if (self->link == link && self->n_candidates <= ALCOVE_PEER_MAX_CANDIDATES)
        self->n_candidates++;
      return;
    }

  if (g_queue_get_length (&self->early) >= ALCOVE_PEER_MAX_EARLY_CANDIDATES)
    {
      if (!self->refused_early)
        report (self, ALCOVE_ERROR_TOO_MANY,
                _ ("Too many candidates came before their description."));
      self->refused_early = TRUE;
      return;
    }

  candidate = g_new0 (Candidate, 1);
  candidate->mid = g_strdup (mid);
  candidate->mline_index = mline_index;
  candidate->text = g_strdup (text);
  g_queue_push_tail (&self->early, candidate);
}

/**
 * alcove_peer_start:
 * @self: a peer
 *
 * Offers over a fresh link, whatever was before.
 */
void
alcove_peer_start (AlcovePeer *self)
{
  g_autoptr (AlcovePeer) alive = g_object_ref (self);

  alcove_peer_begin_offer (self);
}

/**
 * alcove_peer_renew:
 * @self: a peer
 *
 * Offers once more on the connection that runs, so that the far side gets out of an offer of
 * its own that is open. As long as ours is open no other is taken, so the link is given up if it
 * is not answered within %ALCOVE_PEER_CONNECT_WITHIN.
 *
 * Returns: whether it does; not while there is no connection, or something is negotiated already
 */
gboolean
alcove_peer_renew (AlcovePeer *self)
{
  g_autoptr (AlcovePeerLink) link = NULL;

  if (self->link == NULL || self->connected_at == 0 || self->renewing
      || alcove_peer_is_negotiating (self))
    return FALSE;

  link = g_object_ref (self->link);
  self->renewing = TRUE;
  self->deadline = alcove_peer_get_now (self) + ALCOVE_PEER_CONNECT_WITHIN;
  self->offer_sent = FALSE;
  alcove_peer_link_start_offer (link);
  return TRUE;
}

/**
 * alcove_peer_reset:
 * @self: a peer
 *
 * Begins anew, as if the participant had just come: for the offering side
 * alcove_peer_start() follows, the other waits for an offer. A running link is kept
 * until then, so that its picture stays.
 */
void
alcove_peer_reset (AlcovePeer *self)
{
  g_autoptr (AlcovePeer) alive = g_object_ref (self);

  self->attempts = 0;
  self->heard = FALSE;
  self->silent = FALSE;
  self->unreachable = FALSE;
  self->deadline = alcove_peer_get_now (self) + ALCOVE_PEER_CONNECT_WITHIN;
  if ((self->link == NULL || self->connected_at == 0) && alcove_peer_drop_link (self))
    {
      const guint epoch = self->epoch;

      alcove_peer_show_waiting (self);
      if (self->epoch == epoch)
        alcove_peer_set_state (self, ALCOVE_PEER_NEW);
    }
}

/**
 * alcove_peer_hang_up:
 * @self: a peer
 *
 * Closes the link. Nothing is repaired any more, but an offer or alcove_peer_start()
 * brings the pair back.
 */
void
alcove_peer_hang_up (AlcovePeer *self)
{
  g_autoptr (AlcovePeer) alive = g_object_ref (self);
  guint epoch;

  self->was_live = FALSE;
  self->lost = FALSE;
  self->heard = FALSE;
  self->silent = FALSE;
  self->unreachable = FALSE;
  if (!alcove_peer_drop_link (self))
    return;

  epoch = self->epoch;
  alcove_participant_set_stale_since (self->participant, NULL);
  if (self->epoch == epoch)
    alcove_participant_set_state (self->participant, ALCOVE_PARTICIPANT_CONNECTING);
  if (self->epoch == epoch)
    alcove_peer_set_state (self, ALCOVE_PEER_CLOSED);
}
