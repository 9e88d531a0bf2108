/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-workers"

#include "config.h"

#include "alcove-workers.h"

struct _AlcoveWorkers {
  GMutex lock;
  GCond ended;
  guint n_running;
  GSList *done;
};

typedef struct {
  AlcoveWorkers *workers;
  AlcoveWorkFunc func;
  gpointer data;
} Job;

static void
reap (GSList *done)
{
  for (GSList *l = done; l != NULL; l = l->next)
    {
      if (l->data == g_thread_self ())
        g_thread_unref (l->data);
      else
        g_thread_join (l->data);
    }
  g_slist_free (done);
}

static void
clear (gpointer data)
{
  AlcoveWorkers *self = data;

  reap (self->done);
  g_cond_clear (&self->ended);
  g_mutex_clear (&self->lock);
}

static gpointer
run (gpointer data)
{
  Job *job = data;
  AlcoveWorkers *self = job->workers;

  job->func (job->data);
  g_free (job);

  g_mutex_lock (&self->lock);
  self->n_running--;
  self->done = g_slist_prepend (self->done, g_thread_ref (g_thread_self ()));
  g_cond_broadcast (&self->ended);
  g_mutex_unlock (&self->lock);
  alcove_workers_unref (self);

  return NULL;
}

/**
 * alcove_workers_new:
 *
 * Returns: (transfer full): a group without threads
 */
AlcoveWorkers *
alcove_workers_new (void)
{
  AlcoveWorkers *self = g_atomic_rc_box_new0 (AlcoveWorkers);

  g_mutex_init (&self->lock);
  g_cond_init (&self->ended);
  return self;
}

/**
 * alcove_workers_ref:
 * @self: a group
 *
 * May be called from any thread.
 *
 * Returns: (transfer full): @self
 */
AlcoveWorkers *
alcove_workers_ref (AlcoveWorkers *self)
{
  return g_atomic_rc_box_acquire (self);
}

/**
 * alcove_workers_unref:
 * @self: (transfer full): a group
 *
 * May be called from any thread. Threads that run keep it alive.
 */
void
alcove_workers_unref (AlcoveWorkers *self)
{
  g_atomic_rc_box_release_full (self, clear);
}

/**
 * alcove_workers_run:
 * @self: a group
 * @name: of the thread, for debuggers
 * @func: what to run; it frees @data
 * @data: its data
 *
 * May be called from any thread. Where no thread can be had @func runs at once.
 */
void
alcove_workers_run (AlcoveWorkers *self,
                    const char *name,
                    AlcoveWorkFunc func,
                    gpointer data)
{
  Job *job = g_new0 (Job, 1);
  GThread *thread;
  GSList *done;

  job->workers = alcove_workers_ref (self);
  job->func = func;
  job->data = data;

  g_mutex_lock (&self->lock);
  self->n_running++;
  done = g_steal_pointer (&self->done);
  g_mutex_unlock (&self->lock);
  reap (done);

  thread = g_thread_try_new (name, run, job, NULL);
  if (thread != NULL)
    {
      g_thread_unref (thread);
      return;
    }

  func (data);
  g_free (job);
  g_mutex_lock (&self->lock);
  self->n_running--;
  g_cond_broadcast (&self->ended);
  g_mutex_unlock (&self->lock);
  alcove_workers_unref (self);
}

/**
 * alcove_workers_wait:
 * @self: a group
 * @deadline: monotonic time in microseconds until which to wait
 *
 * Waits for the threads that run, and for those that they start. Not from one of them.
 *
 * Returns: whether all have ended
 */
gboolean
alcove_workers_wait (AlcoveWorkers *self,
                     gint64 deadline)
{
  gboolean all = TRUE;
  GSList *done;

  g_mutex_lock (&self->lock);
  while (self->n_running > 0 && all)
    all = g_cond_wait_until (&self->ended, &self->lock, deadline);
  all = self->n_running == 0;
  done = g_steal_pointer (&self->done);
  g_mutex_unlock (&self->lock);
  reap (done);

  return all;
}
