/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "alcove-participant.h"

G_BEGIN_DECLS

GMenuModel *alcove_tile_menu_new (AlcoveParticipant *participant);

G_END_DECLS
