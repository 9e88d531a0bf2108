/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-adaptation"

#include "config.h"

#include "alcove-adaptation.h"

#include "alcove-load.h"
#include "alcove-rung-choice.h"

#define LOOK_SECONDS 1

/* Too few pictures to be judged by: of those encoded, and of those drawn, of which a machine that
 * is far behind does only a few. Those to be encoded are gathered for so long: a machine that is
 * far behind does not come to ask for more, which is no calm, but a camera that is off gives
 * two a second. */
#define MIN_PICTURES 8
#define MIN_DRAWN 3
#define GATHERED_SPAN (3 * G_USEC_PER_SEC)

/* The time for each picture that is shown, for each step: 15, 10 and 5 a second, with a little less
 * so that every other, third or sixth of 30 is shown, and each, two of three or every third of 15. */
#define MAX_DRAW_STEP 3

/* Who comes costs much at first: to open decoders, to decode whole pictures and to lay out tiles. */
#define NEWCOMER_SPAN (4 * G_USEC_PER_SEC)

/* Who loses more hears nothing of use, and does not make the sound dearer for the others. */
#define HIGHEST_LOSS 0.20

/* Late sound is the worse: a little of it counts for so many times as many pictures. */
#define SOUND_WEIGHT 4.0

struct _AlcoveAdaptationGuest {
  AlcoveFrameSlot *slot;
  guint64 drawn;
  guint64 late;
  double loss; /* -1 if unknown */
};

struct _AlcoveAdaptation {
  GObject parent_instance;

  AlcoveLadder *ladder;
  AlcoveEncoder *sound;
  GPtrArray *guests;
  AlcoveLoad encoding;
  AlcoveLoad drawing;
  AlcoveAdaptationDone done; /* when encoding was judged last */
  AlcoveAdaptationDone before; /* and before that */
  gint64 judged;
  guint expected_loss; /* in percent */
  guint source;
};

G_DEFINE_FINAL_TYPE (AlcoveAdaptation, alcove_adaptation, G_TYPE_OBJECT)

static const gint64 draw_intervals[MAX_DRAW_STEP + 1] = {
  0,
  64 * G_TIME_SPAN_MILLISECOND,
  96 * G_TIME_SPAN_MILLISECOND,
  192 * G_TIME_SPAN_MILLISECOND,
};

/* Of a side of what is drawn, for each step: what is smaller is cheaper to decode too. */
static const int draw_divisors[MAX_DRAW_STEP + 1] = { 1, 1, 2, 4 };

static void
guest_set_step (AlcoveAdaptationGuest *self,
                guint step)
{
  alcove_frame_slot_set_interval (self->slot, draw_intervals[step]);
  alcove_frame_slot_set_divisor (self->slot, draw_divisors[step]);
}

static void
guest_free (gpointer data)
{
  AlcoveAdaptationGuest *self = data;

  guest_set_step (self, 0);
  g_object_unref (self->slot);
  g_free (self);
}

static guint64
grown (guint64 now,
       guint64 before)
{
  return now > before ? now - before : 0;
}

/* What was missed of the pictures, and what was late of the sound. */
static void
get_shares (const AlcoveAdaptationDone *now,
            const AlcoveAdaptationDone *before,
            double *missed,
            double *late)
{
  guint64 given = grown (now->given, before->given);
  guint64 encoded = grown (now->encoded, before->encoded);
  guint64 packets = grown (now->packets, before->packets);

  *missed = *late = 0.0;
  /* where there are no pictures there is nothing that could be made cheaper */
  if (given == 0)
    return;
  /* of a few, one may still be on its way */
  if (encoded + (given < 2 * MIN_PICTURES ? 1 : 0) < given)
    *missed = (double) (given - encoded) / (double) given;
  if (packets > 0)
    *late = (double) grown (now->late_packets, before->late_packets) / (double) packets;
}

static void
check_encoding (AlcoveAdaptation *self,
                gint64 time,
                const AlcoveAdaptationDone *done)
{
  guint64 given = grown (done->given, self->done.given);
  guint step = self->encoding.step;
  double missed, late;

  if (given > 0 && given < MIN_PICTURES && time - self->judged < GATHERED_SPAN)
    return;

  /* over two looks: who is behind catches up in between */
  get_shares (done, given > 0 ? &self->before : &self->done, &missed, &late);
  self->before = self->done;
  self->done = *done;
  self->judged = time;
  if (!alcove_load_add (&self->encoding, time, MAX (missed, late * SOUND_WEIGHT)))
    return;

  self->before = *done;
  if (self->encoding.step > step && late * SOUND_WEIGHT > missed)
    g_message ("Encoding: step %u of %u, as %.0f %% of the sound was late on this computer",
               self->encoding.step, self->encoding.n_steps, late * 100.0);
  else if (self->encoding.step > step)
    g_message ("Encoding: step %u of %u, as %.0f %% of the pictures were too much for this computer",
               self->encoding.step, self->encoding.n_steps, missed * 100.0);
  else
    g_message ("Encoding: step %u of %u, as this computer kept up", self->encoding.step,
               self->encoding.n_steps);
  if (self->ladder != NULL)
    alcove_ladder_set_step (self->ladder, self->encoding.step);
}

static void
check_drawing (AlcoveAdaptation *self,
               gint64 time)
{
  guint step = self->drawing.step;
  double missed = 0.0;

  /* each by itself: those who are hidden or send seldom say nothing of the others */
  for (guint i = 0; i < self->guests->len; i++)
    {
      AlcoveAdaptationGuest *guest = self->guests->pdata[i];
      guint64 drawn, late;

      alcove_frame_slot_count (guest->slot, &drawn, &late);
      if (drawn - guest->drawn >= MIN_DRAWN)
        missed = MAX (missed, (double) (late - guest->late) / (double) (drawn - guest->drawn));
      guest->drawn = drawn;
      guest->late = late;
    }
  if (!alcove_load_add (&self->drawing, time, missed))
    return;

  if (self->drawing.step > step)
    g_message ("Drawing: step %u of %u, as %.0f %% of the pictures of one were late",
               self->drawing.step, self->drawing.n_steps, missed * 100.0);
  else
    g_message ("Drawing: step %u of %u, as this computer kept up", self->drawing.step,
               self->drawing.n_steps);
  for (guint i = 0; i < self->guests->len; i++)
    guest_set_step (self->guests->pdata[i], self->drawing.step);
}

static void
check_loss (AlcoveAdaptation *self)
{
  double most = 0.0;
  guint percent;

  for (guint i = 0; i < self->guests->len; i++)
    {
      double loss = ((AlcoveAdaptationGuest *) self->guests->pdata[i])->loss;

      if (loss <= HIGHEST_LOSS)
        most = MAX (most, loss);
    }

  percent = (guint) (most * 100.0 + 0.5);
  if (percent == self->expected_loss)
    return;

  self->expected_loss = percent;
  if (self->sound != NULL)
    alcove_encoder_set_expected_loss (self->sound, percent);
}

static gboolean
on_look (gpointer data)
{
  AlcoveAdaptation *self = data;
  AlcoveAdaptationDone done = { 0 };

  if (self->ladder != NULL)
    alcove_ladder_count (self->ladder, &done.given, &done.encoded);
  if (self->sound != NULL)
    alcove_encoder_count (self->sound, &done.packets, &done.late_packets);
  alcove_adaptation_look (self, g_get_monotonic_time (), &done);

  return G_SOURCE_CONTINUE;
}

static void
alcove_adaptation_dispose (GObject *object)
{
  AlcoveAdaptation *self = ALCOVE_ADAPTATION (object);

  g_clear_handle_id (&self->source, g_source_remove);
  g_ptr_array_set_size (self->guests, 0);
  g_clear_object (&self->ladder);
  g_clear_object (&self->sound);

  G_OBJECT_CLASS (alcove_adaptation_parent_class)->dispose (object);
}

static void
alcove_adaptation_finalize (GObject *object)
{
  g_ptr_array_unref (ALCOVE_ADAPTATION (object)->guests);

  G_OBJECT_CLASS (alcove_adaptation_parent_class)->finalize (object);
}

static void
alcove_adaptation_class_init (AlcoveAdaptationClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = alcove_adaptation_dispose;
  object_class->finalize = alcove_adaptation_finalize;
}

static void
alcove_adaptation_init (AlcoveAdaptation *self)
{
  self->guests = g_ptr_array_new_with_free_func (guest_free);
  alcove_load_init (&self->encoding, ALCOVE_LADDER_MAX_STEP);
  alcove_load_init (&self->drawing, MAX_DRAW_STEP);
}

/**
 * alcove_adaptation_new:
 * @ladder: (nullable) (transfer none): the encoders of our picture
 * @sound: (nullable) (transfer none): the encoder of our sound
 *
 * Returns: (transfer full): an adaptation without guests
 */
AlcoveAdaptation *
alcove_adaptation_new (AlcoveLadder *ladder,
                       AlcoveEncoder *sound)
{
  AlcoveAdaptation *self = g_object_new (ALCOVE_TYPE_ADAPTATION, NULL);

  g_set_object (&self->ladder, ladder);
  g_set_object (&self->sound, sound);
  return self;
}

/**
 * alcove_adaptation_add:
 * @self: an adaptation
 * @slot: (transfer none): where this one's pictures are drawn from
 *
 * Returns: (transfer none): a guest, until alcove_adaptation_remove()
 */
AlcoveAdaptationGuest *
alcove_adaptation_add (AlcoveAdaptation *self,
                       AlcoveFrameSlot *slot)
{
  AlcoveAdaptationGuest *guest = g_new0 (AlcoveAdaptationGuest, 1);

  guest->slot = g_object_ref (slot);
  guest->loss = -1.0;
  alcove_frame_slot_count (slot, &guest->drawn, &guest->late);
  guest_set_step (guest, self->drawing.step);
  alcove_load_excuse (&self->encoding, NEWCOMER_SPAN);
  alcove_load_excuse (&self->drawing, NEWCOMER_SPAN);
  g_ptr_array_add (self->guests, guest);
  if (self->source == 0)
    self->source = g_timeout_add_seconds (LOOK_SECONDS, on_look, self);
  return guest;
}

/**
 * alcove_adaptation_remove:
 * @self: an adaptation
 * @guest: (transfer full): who leaves
 *
 * With the last one all steps are taken back: nothing would tell any more that they can be.
 */
void
alcove_adaptation_remove (AlcoveAdaptation *self,
                          AlcoveAdaptationGuest *guest)
{
  g_ptr_array_remove (self->guests, guest);
  if (self->guests->len > 0)
    return;

  g_clear_handle_id (&self->source, g_source_remove);
  if (self->encoding.step > 0)
    g_message ("Encoding: step 0 of %u, as nobody is left", self->encoding.n_steps);
  if (self->drawing.step > 0)
    g_message ("Drawing: step 0 of %u, as nobody is left", self->drawing.n_steps);
  alcove_load_init (&self->encoding, ALCOVE_LADDER_MAX_STEP);
  alcove_load_init (&self->drawing, MAX_DRAW_STEP);
  if (self->ladder != NULL)
    alcove_ladder_set_step (self->ladder, 0);
}

/**
 * alcove_adaptation_set_loss:
 * @self: an adaptation
 * @guest: a guest
 * @loss: the fraction of our packets that this one reports lost, 0 to 1; -1 if unknown
 *
 * The encoder of sound, which is everybody's, provides for the most of what is not beyond help.
 */
void
alcove_adaptation_set_loss (AlcoveAdaptation *self,
                            AlcoveAdaptationGuest *guest,
                            double loss)
{
  guest->loss = loss;
}

/**
 * alcove_adaptation_get_load_step:
 * @self: an adaptation
 *
 * Returns: by how many steps our picture is made cheaper, 0 to %ALCOVE_LADDER_MAX_STEP
 */
guint
alcove_adaptation_get_load_step (AlcoveAdaptation *self)
{
  return self->encoding.step;
}

/**
 * alcove_adaptation_get_draw_step:
 * @self: an adaptation
 *
 * Returns: by how many steps fewer pictures are shown than come, and from the second on smaller ones
 *   are asked for, 0 to 3
 */
guint
alcove_adaptation_get_draw_step (AlcoveAdaptation *self)
{
  return self->drawing.step;
}

/**
 * alcove_adaptation_look:
 * @self: an adaptation
 * @time: monotonic microseconds
 * @done: what the encoders did since the beginning
 *
 * Looks whether this machine keeps up. Does so by itself once a second.
 */
void
alcove_adaptation_look (AlcoveAdaptation *self,
                        gint64 time,
                        const AlcoveAdaptationDone *done)
{
  check_encoding (self, time, done);
  check_drawing (self, time);
  check_loss (self);
}
