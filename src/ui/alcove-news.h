/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define ALCOVE_TYPE_NEWS (alcove_news_get_type ())
G_DECLARE_FINAL_TYPE (AlcoveNews, alcove_news, ALCOVE, NEWS, AdwBin)

void        alcove_news_show        (AlcoveNews *self,
                                     const char *text);
void        alcove_news_warn        (AlcoveNews *self,
                                     const char *text);
void        alcove_news_take_back   (AlcoveNews *self,
                                     const char *text);
void        alcove_news_clear       (AlcoveNews *self);
const char *alcove_news_get_text    (AlcoveNews *self);
guint       alcove_news_get_seconds (const char *text);

G_END_DECLS
