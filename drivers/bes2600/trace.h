/* SPDX-License-Identifier: GPL-2.0-only */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM bes2600

#if !defined(BES2600_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define BES2600_TRACE_H

#include <linux/tracepoint.h>

#include "bes2600.h"

TRACE_EVENT(bes_message,
	TP_PROTO(struct bes_dev *bes, bool out, u16 id, size_t len),
	TP_ARGS(bes, out, id, len),
	TP_STRUCT__entry(
		__string(dev, dev_name(bes->dev))
		__field(bool, out)
		__field(u16, id)
		__field(u32, len)
	),
	TP_fast_assign(
		bes_assign_str(dev, dev_name(bes->dev));
		__entry->out = out;
		__entry->id = id;
		__entry->len = len;
	),
	TP_printk("%s %s %#06x if %u seq %u len %u", __get_str(dev), __entry->out ? ">" : "<",
		  __entry->id & WSM_ID_MASK, (__entry->id & WSM_ID_IF) >> WSM_ID_IF_SHIFT,
		  (__entry->id & WSM_ID_SEQ) >> WSM_ID_SEQ_SHIFT, __entry->len)
);

TRACE_EVENT(bes_command,
	TP_PROTO(struct bes_dev *bes, u16 id, int result, u32 status),
	TP_ARGS(bes, id, result, status),
	TP_STRUCT__entry(
		__string(dev, dev_name(bes->dev))
		__string(name, bes_msg_name(id))
		__field(u16, id)
		__field(int, result)
		__field(u32, status)
	),
	TP_fast_assign(
		bes_assign_str(dev, dev_name(bes->dev));
		bes_assign_str(name, bes_msg_name(id));
		__entry->id = id;
		__entry->result = result;
		__entry->status = status;
	),
	TP_printk("%s %s if %u result %d status %u", __get_str(dev), __get_str(name),
		  (__entry->id & WSM_ID_IF) >> WSM_ID_IF_SHIFT, __entry->result, __entry->status)
);

TRACE_EVENT(bes_burst,
	TP_PROTO(struct bes_dev *bes, bool out, size_t messages, size_t len),
	TP_ARGS(bes, out, messages, len),
	TP_STRUCT__entry(
		__string(dev, dev_name(bes->dev))
		__field(bool, out)
		__field(u32, messages)
		__field(u32, len)
		__field(int, outstanding)
	),
	TP_fast_assign(
		bes_assign_str(dev, dev_name(bes->dev));
		__entry->out = out;
		__entry->messages = messages;
		__entry->len = len;
		__entry->outstanding = bes->outstanding;
	),
	TP_printk("%s %s %u messages, %u bytes, %d outstanding", __get_str(dev),
		  __entry->out ? ">" : "<", __entry->messages, __entry->len, __entry->outstanding)
);

TRACE_EVENT(bes_length,
	TP_PROTO(struct bes_dev *bes, u8 len_reg, const char *what),
	TP_ARGS(bes, len_reg, what),
	TP_STRUCT__entry(
		__string(dev, dev_name(bes->dev))
		__string(what, what)
		__field(u8, len_reg)
	),
	TP_fast_assign(
		bes_assign_str(dev, dev_name(bes->dev));
		bes_assign_str(what, what);
		__entry->len_reg = len_reg;
	),
	TP_printk("%s length register %#04x: %s", __get_str(dev), __entry->len_reg,
		  __get_str(what))
);

TRACE_EVENT(bes_places,
	TP_PROTO(struct bes_dev *bes, bool full, u64 ns),
	TP_ARGS(bes, full, ns),
	TP_STRUCT__entry(
		__string(dev, dev_name(bes->dev))
		__field(bool, full)
		__field(u64, ns)
		__field(int, outstanding)
	),
	TP_fast_assign(
		bes_assign_str(dev, dev_name(bes->dev));
		__entry->full = full;
		__entry->ns = ns;
		__entry->outstanding = bes->outstanding;
	),
	TP_printk("%s %s, %d outstanding, full for %llu ns", __get_str(dev),
		  __entry->full ? "full" : "places free", __entry->outstanding, __entry->ns)
);

TRACE_EVENT(bes_rx_drop,
	TP_PROTO(struct bes_dev *bes, u32 status),
	TP_ARGS(bes, status),
	TP_STRUCT__entry(
		__string(dev, dev_name(bes->dev))
		__field(u32, status)
	),
	TP_fast_assign(
		bes_assign_str(dev, dev_name(bes->dev));
		__entry->status = status;
	),
	TP_printk("%s status %u", __get_str(dev), __entry->status)
);

TRACE_EVENT(bes_state,
	TP_PROTO(struct bes_dev *bes, enum bes_state state, const char *what),
	TP_ARGS(bes, state, what),
	TP_STRUCT__entry(
		__string(dev, dev_name(bes->dev))
		__string(what, what)
		__string(state, bes_state_name(state))
	),
	TP_fast_assign(
		bes_assign_str(dev, dev_name(bes->dev));
		bes_assign_str(what, what);
		bes_assign_str(state, bes_state_name(state));
	),
	TP_printk("%s %s: %s", __get_str(dev), __get_str(state), __get_str(what))
);

#endif

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
