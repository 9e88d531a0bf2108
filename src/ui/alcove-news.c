/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-news"

#include "config.h"

#include "alcove-news.h"

#include "alcove-announce.h"

/**
 * AlcoveNews:
 *
 * What has just happened, over the pictures for as long as it takes to read it. Later news takes the
 * place of earlier, so that a burst of it does not queue up for minutes; but what was told of camera,
 * microphone and sound output stays above it, as somebody who joins at that moment must not
 * hide that nobody sees us.
 */

/* Seconds that a text is shown: to notice it, to read it at an easy pace, and at least. */
#define NOTICE_SECONDS 2
#define COLUMNS_A_SECOND 12
#define LEAST_SECONDS 4

/* More of them would cover the pictures. */
#define MOST_WARNINGS 4

struct _AlcoveNews {
  AdwBin parent_instance;

  GtkRevealer *revealer;
  GtkLabel *label;

  GPtrArray *warnings; /* char *, the oldest first */
  char *text;          /* of the last news, while it is shown */
  guint warnings_id;
  guint text_id;
};

G_DEFINE_FINAL_TYPE (AlcoveNews, alcove_news, ADW_TYPE_BIN)

static char *
join_warnings (AlcoveNews *self)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < self->warnings->len; i++)
    {
      if (i > 0)
        g_string_append_c (text, '\n');
      g_string_append (text, self->warnings->pdata[i]);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
update (AlcoveNews *self)
{
  g_autofree char *warnings = join_warnings (self);
  g_autofree char *both = g_strconcat (
      warnings, *warnings != '\0' && self->text != NULL ? "\n" : "", self->text, NULL);

  /* what goes can be read while it fades */
  if (*both != '\0')
    gtk_label_set_text (self->label, both);
  gtk_revealer_set_reveal_child (self->revealer, *both != '\0');
}

static gboolean
text_cb (gpointer data)
{
  AlcoveNews *self = data;

  self->text_id = 0;
  g_clear_pointer (&self->text, g_free);
  update (self);
  return G_SOURCE_REMOVE;
}

static gboolean
warnings_cb (gpointer data)
{
  AlcoveNews *self = data;

  self->warnings_id = 0;
  g_ptr_array_set_size (self->warnings, 0);
  update (self);
  return G_SOURCE_REMOVE;
}

static gboolean
find_warning (AlcoveNews *self,
              const char *text,
              guint *at)
{
  return g_ptr_array_find_with_equal_func (self->warnings, text, g_str_equal, at);
}

static void
alcove_news_dispose (GObject *object)
{
  AlcoveNews *self = ALCOVE_NEWS (object);

  g_clear_handle_id (&self->text_id, g_source_remove);
  g_clear_handle_id (&self->warnings_id, g_source_remove);

  G_OBJECT_CLASS (alcove_news_parent_class)->dispose (object);
}

static void
alcove_news_finalize (GObject *object)
{
  AlcoveNews *self = ALCOVE_NEWS (object);

  g_ptr_array_unref (self->warnings);
  g_free (self->text);

  G_OBJECT_CLASS (alcove_news_parent_class)->finalize (object);
}

static void
alcove_news_class_init (AlcoveNewsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = alcove_news_dispose;
  object_class->finalize = alcove_news_finalize;

  gtk_widget_class_set_template_from_resource (GTK_WIDGET_CLASS (klass),
                                               "/io/github/alcove/Alcove/alcove-news.ui");
  gtk_widget_class_bind_template_child (GTK_WIDGET_CLASS (klass), AlcoveNews, revealer);
  gtk_widget_class_bind_template_child (GTK_WIDGET_CLASS (klass), AlcoveNews, label);
}

static void
alcove_news_init (AlcoveNews *self)
{
  self->warnings = g_ptr_array_new_with_free_func (g_free);
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * alcove_news_show:
 * @self: news
 * @text: plain text
 *
 * Shows @text in place of the news before, and tells it to a screen reader.
 */
void
alcove_news_show (AlcoveNews *self,
                  const char *text)
{
  g_autofree char *old = g_steal_pointer (&self->text);

  self->text = g_strdup (text);
  alcove_announce (GTK_WIDGET (self), text);
  g_clear_handle_id (&self->text_id, g_source_remove);
  self->text_id = g_timeout_add_seconds (alcove_news_get_seconds (text), text_cb, self);
  update (self);
}

/**
 * alcove_news_warn:
 * @self: news
 * @text: a plain sentence about camera, microphone or sound
 *
 * Shows @text above the news until all such sentences can have been read, or it is taken back.
 */
void
alcove_news_warn (AlcoveNews *self,
                  const char *text)
{
  g_autofree char *all = NULL;
  guint at;

  if (find_warning (self, text, &at))
    g_ptr_array_remove_index (self->warnings, at);
  if (self->warnings->len == MOST_WARNINGS)
    g_ptr_array_remove_index (self->warnings, 0);
  g_ptr_array_add (self->warnings, g_strdup (text));

  all = join_warnings (self);
  alcove_announce (GTK_WIDGET (self), text);
  g_clear_handle_id (&self->warnings_id, g_source_remove);
  self->warnings_id = g_timeout_add_seconds (alcove_news_get_seconds (all), warnings_cb, self);
  update (self);
}

/**
 * alcove_news_take_back:
 * @self: news
 * @text: a sentence that holds no longer; one that is not shown does nothing
 */
void
alcove_news_take_back (AlcoveNews *self,
                       const char *text)
{
  guint at;

  if (!find_warning (self, text, &at))
    return;

  g_ptr_array_remove_index (self->warnings, at);
  update (self);
}

/**
 * alcove_news_clear:
 * @self: news
 *
 * Shows nothing.
 */
void
alcove_news_clear (AlcoveNews *self)
{
  g_clear_handle_id (&self->text_id, g_source_remove);
  g_clear_handle_id (&self->warnings_id, g_source_remove);
  g_clear_pointer (&self->text, g_free);
  g_ptr_array_set_size (self->warnings, 0);
  update (self);
}

/**
 * alcove_news_get_text:
 * @self: news
 *
 * Returns: (transfer none) (nullable): all that is shown; %NULL if nothing is
 */
const char *
alcove_news_get_text (AlcoveNews *self)
{
  return gtk_revealer_get_reveal_child (self->revealer) ? gtk_label_get_text (self->label) : NULL;
}

/**
 * alcove_news_get_seconds:
 * @text: plain text
 *
 * Returns: how long @text is shown
 */
guint
alcove_news_get_seconds (const char *text)
{
  guint columns = 0;

  /* a wide letter says about as much as two narrow ones, or more */
  for (const char *at = text; *at != '\0'; at = g_utf8_next_char (at))
    columns += g_unichar_iswide (g_utf8_get_char (at)) ? 2 : 1;
  return MAX (LEAST_SECONDS, NOTICE_SECONDS + columns / COLUMNS_A_SECOND);
}
