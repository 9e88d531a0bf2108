/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-stats-window"

#include "config.h"

#include "alcove-stats-window.h"

#include <glib/gi18n.h>

#include "alcove-graph.h"
#include "alcove-json.h"
#include "alcove-link-stats-json.h"
#include "alcove-stats-text.h"

/**
 * AlcoveStatsWindow:
 *
 * What is measured of the connection to one participant, now and over the last minute. It
 * measures nothing itself: the room does, so that the minute before the window was opened is there.
 */

#define COLUMNS 2
#define UNKNOWN "—"

G_STATIC_ASSERT (ALCOVE_GRAPH_LENGTH == ALCOVE_LINK_HISTORY_LENGTH);

enum {
  FRAMES,
  BITRATE,
  LOSS,
  ROUND_TRIP,
  BUFFER,
  FRAME_AGE,
  N_FIGURES,
};

static const struct {
  const char *title;
  const char *heading; /* the title with the unit, where there is no room for it twice; or NULL */
  gboolean both_ways; /* received and sent */
  double least; /* that the height of the graph stands for */
} figures[N_FIGURES] = {
  [FRAMES] = { N_ ("Frames per second"), NULL, TRUE, 30 },
  [BITRATE] = { N_ ("Bit rate"), N_ ("Bit rate (kbit/s)"), TRUE, 100 },
  [LOSS] = { N_ ("Lost packets"), NULL, TRUE, 5 },
  [ROUND_TRIP] = { N_ ("Round trip"), NULL, FALSE, 50 },
  [BUFFER] = { N_ ("Jitter buffer"), NULL, FALSE, 20 },
  [FRAME_AGE] = { N_ ("Age of the picture"), NULL, FALSE, 200 },
};

struct _AlcoveStatsWindow {
  AdwWindow parent_instance;

  AdwWindowTitle *title;
  GtkGrid *grid;
  GtkLabel *state_label;
  AdwActionRow *codec_row;
  AdwActionRow *size_row;
  AdwActionRow *rung_row;
  AdwActionRow *network_row;
  AdwActionRow *load_row;
  AdwActionRow *path_row;
  AlcoveGraph *graphs[N_FIGURES];
  GtkLabel *values[N_FIGURES][2];
  GtkLabel *tops[N_FIGURES]; /* of what the graphs reach up to */

  AlcoveParticipant *participant;
  gulong added_id; /* of its history, while somebody can see the window */
};

G_DEFINE_FINAL_TYPE (AlcoveStatsWindow, alcove_stats_window, ADW_TYPE_WINDOW)

/* What is not known is less than 0. */
static void
get_values (const AlcoveLinkStats *stats,
            double values[N_FIGURES][2])
{
  for (guint i = 0; i < N_FIGURES; i++)
    values[i][0] = values[i][1] = -1.0;
  if (stats == NULL)
    return;

  values[FRAMES][0] = stats->fps_in;
  values[FRAMES][1] = stats->fps_out;
  values[BITRATE][0] = stats->kbps_in;
  values[BITRATE][1] = stats->kbps_out;
  values[LOSS][0] = stats->loss_in * 100.0;
  values[LOSS][1] = stats->loss * 100.0;
  values[ROUND_TRIP][0] = stats->rtt_ms;
  values[BUFFER][0] = stats->buffer_ms;
  values[FRAME_AGE][0] = (double) stats->frame_age_ms;
}

static char *
format_value (guint figure,
              double value)
{
  if (value < 0.0)
    return g_strdup (UNKNOWN);

  switch (figure)
    {
    case FRAMES:
      return g_strdup_printf ("%.0f", value);
    case BITRATE:
      /* Translators: a number of kilobits per second */
      return g_strdup_printf (_("%.0f kbit/s"), value);
    case LOSS:
      return g_strdup_printf ("%.1f %%", value);
    default:
      /* Translators: a number of milliseconds */
      return g_strdup_printf (_("%.0f ms"), value);
    }
}

/* What is written of both ways, side by side under a heading. */
static char *
format_way (guint figure,
            const char *arrow,
            double value)
{
  g_autofree char *text = NULL;

  if (figures[figure].heading == NULL || value < 0.0)
    text = format_value (figure, value);
  else
    text = g_strdup_printf ("%'.0f", value);

  return g_strdup_printf ("%s %s", arrow, text);
}

static void
show_figure (AlcoveStatsWindow *self,
             guint figure,
             const double values[2])
{
  g_autofree char *first = format_value (figure, values[0]);
  g_autofree char *second = format_value (figure, values[1]);
  g_autofree char *spoken = NULL;

  if (figures[figure].both_ways)
    {
      g_autofree char *in = format_way (figure, "↓", values[0]);
      g_autofree char *out = format_way (figure, "↑", values[1]);

      gtk_label_set_text (self->values[figure][0], in);
      gtk_label_set_text (self->values[figure][1], out);
      /* Translators: a figure’s name, and its value received and sent */
      spoken = g_strdup_printf (_("%s: %s received, %s sent"), _(figures[figure].title), first,
                                second);
    }
  else
    {
      gtk_label_set_text (self->values[figure][0], first);
      /* Translators: a figure’s name and its value */
      spoken = g_strdup_printf (_("%s: %s"), _(figures[figure].title), first);
    }
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->graphs[figure]),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
}

static void
show_top (AlcoveStatsWindow *self,
          guint figure)
{
  g_autofree char *top = format_value (figure, alcove_graph_get_top (self->graphs[figure]));
  g_autofree char *spoken = NULL;

  if (g_str_equal (gtk_label_get_text (self->tops[figure]), top))
    return;

  gtk_label_set_text (self->tops[figure], top);
  /* Translators: the value that the marked line of a graph stands for */
  spoken = g_strdup_printf (_("Top of the graph: %s"), top);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->graphs[figure]), spoken);
}

static void
set_value (AdwActionRow *row,
           const char *value)
{
  adw_action_row_set_subtitle (row, value != NULL && *value != '\0' ? value : UNKNOWN);
}

static char *
describe_path (const AlcoveLinkStats *stats)
{
  const char *local = alcove_candidate_type_to_text (stats->local_candidate);
  const char *remote = alcove_candidate_type_to_text (stats->remote_candidate);

  if (local == NULL && remote == NULL)
    return NULL;
  if (local == NULL)
    local = UNKNOWN;
  if (remote == NULL)
    remote = UNKNOWN;

  return alcove_link_stats_is_relayed (stats)
             /* Translators: the path between two people; the ends are words of ICE, such as host */
             ? g_strdup_printf (_("Through a relay (%s – %s)"), local, remote)
             /* Translators: the path between two people; the ends are words of ICE, such as host */
             : g_strdup_printf (_("Direct (%s – %s)"), local, remote);
}

static void
show_words (AlcoveStatsWindow *self,
            const AlcoveLinkStats *stats)
{
  g_autofree char *codec = NULL;
  g_autofree char *size = NULL;
  g_autofree char *rung = NULL;
  g_autofree char *path = NULL;
  g_autofree char *network = NULL;
  g_autofree char *load = NULL;

  if (stats != NULL)
    {
      codec = g_strdup_printf ("↓ %s  ↑ %s", *stats->codec_in != '\0' ? stats->codec_in : UNKNOWN,
                               *stats->codec_out != '\0' ? stats->codec_out : UNKNOWN);
      size = alcove_stats_text_describe_size (stats);
      rung = alcove_stats_text_describe_rung (stats);
      path = describe_path (stats);
      network = alcove_stats_text_describe_network (stats);
      load = alcove_stats_text_describe_load (stats);
    }
  set_value (self->codec_row, codec);
  set_value (self->size_row, size);
  set_value (self->path_row, path);
  set_value (self->network_row, network);
  set_value (self->load_row, load);
  set_value (self->rung_row, rung);
  gtk_widget_set_visible (GTK_WIDGET (self->rung_row), rung != NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->state_label), stats == NULL);
}

static void
show_values (AlcoveStatsWindow *self,
             const AlcoveLinkStats *stats)
{
  double values[N_FIGURES][2];

  get_values (stats, values);
  for (guint i = 0; i < N_FIGURES; i++)
    alcove_graph_add (self->graphs[i], values[i][0], values[i][1]);
}

/* Of what was measured last. */
static void
show_newest (AlcoveStatsWindow *self)
{
  AlcoveLinkHistory *history = alcove_participant_get_history (self->participant);
  const AlcoveLinkStats *stats
      = alcove_link_history_get_n (history) > 0 ? alcove_link_history_get (history, 0, NULL) : NULL;
  double values[N_FIGURES][2];

  get_values (stats, values);
  for (guint i = 0; i < N_FIGURES; i++)
    {
      show_figure (self, i, values[i]);
      show_top (self, i);
    }
  show_words (self, stats);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "stats.copy",
                                 alcove_link_history_get_n_known (history) > 0);
}

static void
added_cb (AlcoveStatsWindow *self)
{
  show_values (self, alcove_link_history_get (alcove_participant_get_history (self->participant),
                                              0, NULL));
  show_newest (self);
}

static void
name_cb (AlcoveStatsWindow *self)
{
  const char *name = alcove_participant_get_name (self->participant);

  if (name == NULL || *name == '\0')
    name = _("Somebody");
  adw_window_title_set_subtitle (self->title, name);
}

/* What was measured of somebody who has left would stand there as if it held, and one who comes back
 * is another participant. */
static void
items_changed_cb (AlcoveStatsWindow *self,
                  guint position,
                  guint n_removed,
                  guint n_added,
                  GListModel *room)
{
  if (n_removed == 0)
    return;

  for (guint i = 0; i < g_list_model_get_n_items (room); i++)
    {
      g_autoptr (AlcoveParticipant) participant = g_list_model_get_item (room, i);

      if (participant == self->participant)
        return;
    }

  gtk_window_destroy (GTK_WINDOW (self));
}

static void
copy_action (GtkWidget *widget,
             const char *action,
             GVariant *parameter)
{
  g_autofree char *text = alcove_stats_window_dup_json (ALCOVE_STATS_WINDOW (widget));

  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), text);
}

static GtkLabel *
add_label (GtkBox *box,
           const char *text,
           const char *class)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0.0f);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_widget_add_css_class (label, class);
  gtk_box_append (box, label);
  return GTK_LABEL (label);
}

/* The graph, and in its corner what it reaches up to: at the left, where the oldest values are. */
static GtkWidget *
make_graph (AlcoveStatsWindow *self,
            guint figure)
{
  GtkWidget *overlay = gtk_overlay_new ();
  /* the graph tells it, with what it is */
  GtkWidget *top = g_object_new (GTK_TYPE_LABEL, "accessible-role",
                                 GTK_ACCESSIBLE_ROLE_PRESENTATION, "halign", GTK_ALIGN_START,
                                 "valign", GTK_ALIGN_START, "can-target", FALSE, NULL);

  gtk_widget_add_css_class (top, "graph-top");
  gtk_widget_add_css_class (top, "numeric");
  self->tops[figure] = GTK_LABEL (top);
  self->graphs[figure] = ALCOVE_GRAPH (alcove_graph_new ());
  alcove_graph_set_least (self->graphs[figure], figures[figure].least);
  gtk_overlay_set_child (GTK_OVERLAY (overlay), GTK_WIDGET (self->graphs[figure]));
  gtk_overlay_add_overlay (GTK_OVERLAY (overlay), top);
  show_top (self, figure);
  return overlay;
}

static void
add_figure (AlcoveStatsWindow *self,
            guint figure)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3);
  GtkWidget *numbers = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 9);

  add_label (GTK_BOX (box),
             figures[figure].heading != NULL ? _(figures[figure].heading)
                                             : _(figures[figure].title),
             "caption-heading");
  self->values[figure][0] = add_label (GTK_BOX (numbers), UNKNOWN, "series-first");
  self->values[figure][1] = add_label (GTK_BOX (numbers), UNKNOWN, "series-second");
  gtk_widget_set_visible (GTK_WIDGET (self->values[figure][1]), figures[figure].both_ways);
  for (guint i = 0; i < 2; i++)
    {
      gtk_widget_add_css_class (GTK_WIDGET (self->values[figure][i]), "numeric");
      gtk_widget_add_css_class (GTK_WIDGET (self->values[figure][i]), "caption");
    }
  gtk_box_append (GTK_BOX (box), numbers);

  gtk_box_append (GTK_BOX (box), make_graph (self, figure));
  gtk_widget_set_hexpand (box, TRUE);
  gtk_grid_attach (self->grid, box, (int) figure % COLUMNS, (int) figure / COLUMNS, 1, 1);
}

static void
alcove_stats_window_map (GtkWidget *widget)
{
  AlcoveStatsWindow *self = ALCOVE_STATS_WINDOW (widget);
  AlcoveLinkHistory *history = alcove_participant_get_history (self->participant);

  GTK_WIDGET_CLASS (alcove_stats_window_parent_class)->map (widget);

  /* it shows the minute before it was opened too, or since it was last seen */
  for (guint i = 0; i < N_FIGURES; i++)
    alcove_graph_clear (self->graphs[i]);
  for (guint age = alcove_link_history_get_n (history); age > 0; age--)
    show_values (self, alcove_link_history_get (history, age - 1, NULL));
  show_newest (self);
  self->added_id
      = g_signal_connect_swapped (history, "added", G_CALLBACK (added_cb), self);
}

static void
stop (AlcoveStatsWindow *self)
{
  if (self->participant != NULL)
    g_clear_signal_handler (&self->added_id, alcove_participant_get_history (self->participant));
}

static void
alcove_stats_window_unmap (GtkWidget *widget)
{
  stop (ALCOVE_STATS_WINDOW (widget));

  GTK_WIDGET_CLASS (alcove_stats_window_parent_class)->unmap (widget);
}

static void
alcove_stats_window_dispose (GObject *object)
{
  AlcoveStatsWindow *self = ALCOVE_STATS_WINDOW (object);

  stop (self);
  g_clear_object (&self->participant);

  G_OBJECT_CLASS (alcove_stats_window_parent_class)->dispose (object);
}

static void
alcove_stats_window_class_init (AlcoveStatsWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = alcove_stats_window_dispose;
  widget_class->map = alcove_stats_window_map;
  widget_class->unmap = alcove_stats_window_unmap;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/alcove/Alcove/alcove-stats-window.ui");
  gtk_widget_class_bind_template_child (widget_class, AlcoveStatsWindow, title);
  gtk_widget_class_bind_template_child (widget_class, AlcoveStatsWindow, grid);
  gtk_widget_class_bind_template_child (widget_class, AlcoveStatsWindow, state_label);
  gtk_widget_class_bind_template_child (widget_class, AlcoveStatsWindow, codec_row);
  gtk_widget_class_bind_template_child (widget_class, AlcoveStatsWindow, size_row);
  gtk_widget_class_bind_template_child (widget_class, AlcoveStatsWindow, rung_row);
  gtk_widget_class_bind_template_child (widget_class, AlcoveStatsWindow, network_row);
  gtk_widget_class_bind_template_child (widget_class, AlcoveStatsWindow, load_row);
  gtk_widget_class_bind_template_child (widget_class, AlcoveStatsWindow, path_row);
  gtk_widget_class_install_action (widget_class, "stats.copy", NULL, copy_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_c, GDK_CONTROL_MASK, "stats.copy",
                                       NULL);
}

static void
alcove_stats_window_init (AlcoveStatsWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  for (guint i = 0; i < N_FIGURES; i++)
    add_figure (self, i);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "stats.copy", FALSE);
}

/**
 * alcove_stats_window_new:
 * @parent: (nullable): the window it belongs to
 * @room: a room
 * @participant: somebody in it, whose connection is measured
 *
 * It is destroyed when @participant leaves @room.
 *
 * Returns: (transfer none): a window, to be presented
 */
GtkWidget *
alcove_stats_window_new (GtkWindow *parent,
                         AlcoveRoom *room,
                         AlcoveParticipant *participant)
{
  AlcoveStatsWindow *self
      = g_object_new (ALCOVE_TYPE_STATS_WINDOW, "transient-for", parent, NULL);

  self->participant = g_object_ref (participant);
  g_signal_connect_object (participant, "notify::name", G_CALLBACK (name_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (room, "items-changed", G_CALLBACK (items_changed_cb), self,
                           G_CONNECT_SWAPPED);
  name_cb (self);
  show_words (self, NULL);

  return GTK_WIDGET (self);
}

/**
 * alcove_stats_window_get_participant:
 * @self: a window
 *
 * Returns: (transfer none): whose connection is measured
 */
AlcoveParticipant *
alcove_stats_window_get_participant (AlcoveStatsWindow *self)
{
  return self->participant;
}

/**
 * alcove_stats_window_get_n_samples:
 * @self: a window
 *
 * Returns: how many samples of the last minute there are
 */
guint
alcove_stats_window_get_n_samples (AlcoveStatsWindow *self)
{
  return alcove_link_history_get_n_known (alcove_participant_get_history (self->participant));
}

/**
 * alcove_stats_window_get_n_shown:
 * @self: a window
 *
 * Returns: how many seconds its graphs go back, with those of which nothing is known
 */
guint
alcove_stats_window_get_n_shown (AlcoveStatsWindow *self)
{
  return alcove_graph_get_n_values (self->graphs[0]);
}

/**
 * alcove_stats_window_get_top:
 * @self: a window
 * @figure: a number of a graph, from 0
 *
 * Returns: (transfer none) (nullable): what that graph reaches up to, with its unit
 */
const char *
alcove_stats_window_get_top (AlcoveStatsWindow *self,
                             guint figure)
{
  return figure < N_FIGURES ? gtk_label_get_text (self->tops[figure]) : NULL;
}

/**
 * alcove_stats_window_get_path:
 * @self: a window
 *
 * Returns: (transfer none): the path between the two as shown
 */
const char *
alcove_stats_window_get_path (AlcoveStatsWindow *self)
{
  return adw_action_row_get_subtitle (self->path_row);
}

/**
 * alcove_stats_window_dup_json:
 * @self: a window
 *
 * The samples of the last minute, the oldest first: in each the members of the `stats` event of
 * alcove-headless, and `time` in milliseconds since 1970.
 *
 * Returns: (transfer full): JSON
 */
char *
alcove_stats_window_dup_json (AlcoveStatsWindow *self)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;
  AlcoveLinkHistory *history = alcove_participant_get_history (self->participant);
  const char *name = alcove_participant_get_name (self->participant);

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "peer");
  json_builder_add_string_value (builder, alcove_participant_get_id (self->participant));
  json_builder_set_member_name (builder, "name");
  if (name != NULL)
    json_builder_add_string_value (builder, name);
  else
    json_builder_add_null_value (builder);
  json_builder_set_member_name (builder, "samples");
  json_builder_begin_array (builder);
  for (guint age = alcove_link_history_get_n (history); age > 0; age--)
    {
      gint64 time;
      const AlcoveLinkStats *stats = alcove_link_history_get (history, age - 1, &time);

      if (stats == NULL)
        continue;
      json_builder_begin_object (builder);
      json_builder_set_member_name (builder, "time");
      json_builder_add_int_value (builder, time / 1000);
      alcove_link_stats_add_json (stats, builder);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  json_builder_end_object (builder);

  root = json_builder_get_root (builder);
  return alcove_json_to_text (root);
}
