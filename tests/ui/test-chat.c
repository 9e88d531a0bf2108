/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "alcove-chat-panel.h"
#include "alcove-chat-row.h"
#include "alcove-fakes.h"
#include "alcove-news.h"
#include "alcove-room-page.h"
#include "alcove-transfer-row.h"

#define EXIT_SKIP 77

typedef struct {
  AlcoveSignaller *signaller;
  FakeFactory *factory;
  AlcoveRoom *room;
  AlcoveEngine *engine;
  GtkWidget *window;
  AlcoveRoomPage *page;
  AlcoveChatPanel *panel;
  AlcovePeerLink *link;
} Fixture;

static gboolean
never_cb (gpointer data)
{
  g_test_fail_printf ("waited too long");
  g_assert_not_reached ();
}

/* Runs the main loop until @condition holds; the bound only ends a test that failed. */
#define wait_until(condition) \
  G_STMT_START \
  { \
    guint bound_id = g_timeout_add_seconds (90, never_cb, NULL); \
    while (!(condition)) \
      g_main_context_iteration (NULL, TRUE); \
    g_source_remove (bound_id); \
  } \
  G_STMT_END

/* The first descendant of a type; NULL without one. */
static GtkWidget *
find (GtkWidget *widget,
      GType type)
{
  GtkWidget *found = NULL;

  if (G_TYPE_CHECK_INSTANCE_TYPE (widget, type))
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && found == NULL;
       child = gtk_widget_get_next_sibling (child))
    found = find (child, type);
  return found;
}

static void
set_up (Fixture *fixture,
        gconstpointer data)
{
  AlcoveEngineOptions options = ALCOVE_ENGINE_OPTIONS_INIT;
  g_autoptr (GError) error = NULL;

  fixture->signaller = g_object_new (FAKE_TYPE_SIGNALLER, NULL);
  fixture->factory = g_object_new (FAKE_TYPE_FACTORY, NULL);
  fixture->room = alcove_room_new (fixture->signaller, ALCOVE_PEER_LINK_FACTORY (fixture->factory),
                                   "atrium", "Lin", ALCOVE_ROLE_MEMBER);
  options.video = options.audio = options.playout = "none";
  fixture->engine = alcove_engine_new (&options, &error);
  g_assert_no_error (error);

  alcove_room_join (fixture->room);
  alcove_signaller_emit_joined (fixture->signaller, "self");
  alcove_signaller_emit_peer_joined (fixture->signaller, "1", "<b>Mei</b>", TRUE);
  fixture->link = ALCOVE_PEER_LINK (fake_factory_find (fixture->factory, "1"));
  alcove_peer_link_emit_connected (fixture->link);
  alcove_peer_link_emit_channel_open (fixture->link, ALCOVE_CHANNEL_ALCOVE);
  alcove_peer_link_emit_channel_text (fixture->link, ALCOVE_CHANNEL_ALCOVE,
                                      "{\"kind\":\"hello\",\"version\":1}");

  fixture->window = gtk_window_new ();
  fixture->page = ALCOVE_ROOM_PAGE (alcove_room_page_new ());
  alcove_room_page_set_room (fixture->page, fixture->room, fixture->engine);
  gtk_window_set_child (GTK_WINDOW (fixture->window), GTK_WIDGET (fixture->page));
  gtk_window_set_default_size (GTK_WINDOW (fixture->window), 1000, 600);
  gtk_window_present (GTK_WINDOW (fixture->window));
  fixture->panel = ALCOVE_CHAT_PANEL (find (fixture->window, ALCOVE_TYPE_CHAT_PANEL));
  g_assert_nonnull (fixture->panel);
  wait_until (gtk_widget_get_mapped (GTK_WIDGET (fixture->page)));
}

static void
tear_down (Fixture *fixture,
           gconstpointer data)
{
  g_object_add_weak_pointer (G_OBJECT (fixture->page), (gpointer *) &fixture->page);
  alcove_room_page_set_room (fixture->page, NULL, NULL);
  gtk_window_destroy (GTK_WINDOW (fixture->window));
  wait_until (fixture->page == NULL);

  alcove_engine_stop (fixture->engine);
  g_object_unref (fixture->engine);
  alcove_room_leave (fixture->room);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_finalize_object (fixture->room);
  g_assert_finalize_object (fixture->factory);
  g_assert_finalize_object (fixture->signaller);
}

static void
hear (Fixture *fixture,
      const char *text)
{
  g_autofree char *message = g_strdup_printf ("{\"kind\":\"chat\",\"text\":\"%s\"}", text);

  alcove_peer_link_emit_channel_text (fixture->link, ALCOVE_CHANNEL_ALCOVE, message);
}

static AlcoveChatRow *
row_at (Fixture *fixture,
        int position)
{
  GtkListBoxRow *row
      = gtk_list_box_get_row_at_index (alcove_chat_panel_get_list (fixture->panel), position);

  return row != NULL ? ALCOVE_CHAT_ROW (row) : NULL;
}

static void
test_unread (Fixture *fixture,
             gconstpointer data)
{
  GtkAccessible *button
      = GTK_ACCESSIBLE (gtk_widget_get_template_child (GTK_WIDGET (fixture->page),
                                                       ALCOVE_TYPE_ROOM_PAGE, "chat_button"));

  g_assert_cmpuint (alcove_room_page_get_n_unread (fixture->page), ==, 0);
  gtk_test_accessible_assert_property (button, GTK_ACCESSIBLE_PROPERTY_LABEL, "Chat");
  hear (fixture, "one");
  gtk_test_accessible_assert_property (button, GTK_ACCESSIBLE_PROPERTY_LABEL,
                                       "Chat, 1 unread message");
  hear (fixture, "two");
  g_assert_cmpuint (alcove_room_page_get_n_unread (fixture->page), ==, 2);
  gtk_test_accessible_assert_property (button, GTK_ACCESSIBLE_PROPERTY_LABEL,
                                       "Chat, 2 unread messages");

  alcove_room_page_set_chat_shown (fixture->page, TRUE);
  g_assert_cmpuint (alcove_room_page_get_n_unread (fixture->page), ==, 0);
  gtk_test_accessible_assert_property (button, GTK_ACCESSIBLE_PROPERTY_LABEL, "Chat");
  g_assert_true (gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (button)));
  /* who has it open writes at once, and nothing becomes unread */
  g_assert_true (gtk_widget_is_ancestor (gtk_window_get_focus (GTK_WINDOW (fixture->window)),
                                         GTK_WIDGET (alcove_chat_panel_get_entry (fixture->panel))));
  hear (fixture, "three");
  g_assert_cmpuint (alcove_room_page_get_n_unread (fixture->page), ==, 0);

  gtk_widget_activate_action (GTK_WIDGET (fixture->panel), "chat.close", NULL);
  g_assert_false (alcove_room_page_get_chat_shown (fixture->page));
  g_assert_false (gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (button)));
  hear (fixture, "four");
  g_assert_cmpuint (alcove_room_page_get_n_unread (fixture->page), ==, 1);
}

static void
test_plain_text (Fixture *fixture,
                 gconstpointer data)
{
  hear (fixture, "<a href='https://example.org'>a &amp; b</a> https://example.org");
  g_assert_cmpstr (alcove_chat_row_get_name (row_at (fixture, 0)), ==, "<b>Mei</b>");
  g_assert_cmpstr (alcove_chat_row_get_text (row_at (fixture, 0)), ==,
                   "<a href='https://example.org'>a &amp; b</a> https://example.org");
  for (GtkWidget *widget = find (GTK_WIDGET (row_at (fixture, 0)), GTK_TYPE_LABEL); widget != NULL;
       widget = gtk_widget_get_next_sibling (widget))
    g_assert_false (gtk_label_get_use_markup (GTK_LABEL (widget)));
}

/* Beside the pictures where there is room, over them where there is none. */
static void
test_folds (Fixture *fixture,
            gconstpointer data)
{
  AdwFlap *flap = ADW_FLAP (find (fixture->window, ADW_TYPE_FLAP));
  int minimum;

  alcove_room_page_set_chat_shown (fixture->page, TRUE);
  wait_until (adw_flap_get_reveal_progress (flap) == 1);
  g_assert_false (adw_flap_get_folded (flap));

  /* and both fit the narrowest window */
  gtk_window_set_default_size (GTK_WINDOW (fixture->window), 360, 600);
  wait_until (adw_flap_get_folded (flap));
  g_assert_true (alcove_room_page_get_chat_shown (fixture->page));
  gtk_widget_measure (GTK_WIDGET (fixture->page), GTK_ORIENTATION_HORIZONTAL, -1, &minimum, NULL,
                      NULL, NULL);
  g_assert_cmpint (minimum, <=, 360);
}

static void
test_write (Fixture *fixture,
            gconstpointer data)
{
  GtkEditable *entry = GTK_EDITABLE (alcove_chat_panel_get_entry (fixture->panel));

  alcove_room_page_set_chat_shown (fixture->page, TRUE);
  gtk_editable_set_text (entry, "  ");
  gtk_widget_activate_action (GTK_WIDGET (fixture->panel), "chat.send", NULL);
  g_assert_null (row_at (fixture, 0));

  gtk_editable_set_text (entry, "the pump is on");
  g_signal_emit_by_name (entry, "activate");
  g_assert_cmpstr (gtk_editable_get_text (entry), ==, "");
  g_assert_cmpstr (alcove_chat_row_get_name (row_at (fixture, 0)), ==, "You");
  g_assert_cmpstr (alcove_chat_row_get_text (row_at (fixture, 0)), ==, "the pump is on");
  g_assert_cmpuint (alcove_room_page_get_n_unread (fixture->page), ==, 0);

  /* what nobody could be told stays to be sent again */
  fake_link_set_deaf (FAKE_LINK (fixture->link), TRUE);
  gtk_editable_set_text (entry, "and now?");
  g_signal_emit_by_name (entry, "activate");
  g_assert_cmpstr (gtk_editable_get_text (entry), ==, "and now?");
  g_assert_null (row_at (fixture, 1));
}

/* The list follows its end; there is room for the newest line without scrolling. */
static void
test_follows (Fixture *fixture,
              gconstpointer data)
{
  GtkAdjustment *adjustment
      = gtk_list_box_get_adjustment (alcove_chat_panel_get_list (fixture->panel));

  alcove_room_page_set_chat_shown (fixture->page, TRUE);
  for (guint i = 0; i < 25; i++)
    hear (fixture, "A line that is long enough to be broken at least once in here.");
  wait_until (gtk_adjustment_get_upper (adjustment) > gtk_adjustment_get_page_size (adjustment)
              && gtk_adjustment_get_value (adjustment)
                         + gtk_adjustment_get_page_size (adjustment)
                     >= gtk_adjustment_get_upper (adjustment) - 1);
}

/* A file asks for an answer where the chat is, and says what became of it. */
static void
test_file (Fixture *fixture,
           gconstpointer data)
{
  static const char *const names[]
      = { "refuse_button", "save_button", "cancel_button", NULL };
  GtkListBox *list = alcove_chat_panel_get_list (fixture->panel);
  AlcoveTransferRow *row;

  alcove_peer_link_emit_channel_text (fixture->link, ALCOVE_CHANNEL_PAGE,
                                      "file:0:4000:0:x:<b>plan</b>.pdf");
  g_assert_cmpuint (alcove_room_page_get_n_unread (fixture->page), ==, 1);
  row = ALCOVE_TRANSFER_ROW (gtk_list_box_get_row_at_index (list, 0));
  g_assert_cmpstr (alcove_transfer_row_get_status (row), ==,
                   "Wants to send you this file, 4.0\302\240kB");
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                       "<b>Mei</b>, file b>.pdf: "
                                       "Wants to send you this file, 4.0\302\240kB");
  for (guint i = 0; names[i] != NULL; i++)
    {
      GtkWidget *button = GTK_WIDGET (
          gtk_widget_get_template_child (GTK_WIDGET (row), ALCOVE_TYPE_TRANSFER_ROW, names[i]));

      g_assert_true (gtk_test_accessible_has_property (GTK_ACCESSIBLE (button),
                                                       GTK_ACCESSIBLE_PROPERTY_LABEL));
      g_assert_cmpint (gtk_widget_get_visible (button), ==, i < 2);
    }

  gtk_widget_activate_action (GTK_WIDGET (row), "transfer.refuse", NULL);
  g_assert_cmpstr (alcove_transfer_row_get_status (row), ==, "You did not want it");
  g_assert_false (gtk_widget_get_visible (GTK_WIDGET (
      gtk_widget_get_template_child (GTK_WIDGET (row), ALCOVE_TYPE_TRANSFER_ROW, "buttons"))));

  alcove_peer_link_emit_channel_text (fixture->link, ALCOVE_CHANNEL_PAGE,
                                      "file:0:4000000000:0:y:film.mkv");
  row = ALCOVE_TRANSFER_ROW (gtk_list_box_get_row_at_index (list, 1));
  g_assert_cmpstr (alcove_transfer_row_get_status (row), ==,
                   "The file is too large. The limit is 100 MB.");
  /* told where the panel is closed */
  g_assert_cmpstr (alcove_news_get_text (ALCOVE_NEWS (gtk_widget_get_template_child (
                       GTK_WIDGET (fixture->page), ALCOVE_TYPE_ROOM_PAGE, "news"))),
                   ==, "“film.mkv”: The file is too large. The limit is 100 MB.");
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  if (!gtk_init_check ())
    return EXIT_SKIP;
  adw_init ();
  /* AdwFlap of libadwaita 1.2 now and then comes upon a width that is no number on its way */
  g_object_set (gtk_settings_get_default (), "gtk-enable-animations", FALSE, NULL);

#define ADD(path, func) g_test_add ("/ui/chat/" path, Fixture, NULL, set_up, func, tear_down)
  ADD ("unread", test_unread);
  ADD ("plain-text", test_plain_text);
  ADD ("folds", test_folds);
  ADD ("write", test_write);
  ADD ("follows", test_follows);
  ADD ("file", test_file);
#undef ADD

  return g_test_run ();
}
