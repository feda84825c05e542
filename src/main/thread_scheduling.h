// How the system shares its cores among the server's threads: those that answer wake at once, those that hash give way.
#ifndef RESCIND_MAIN_THREAD_SCHEDULING_H_
#define RESCIND_MAIN_THREAD_SCHEDULING_H_

namespace rescind {

// Both are for the calling thread and for those that it starts afterwards; where the system refuses, nothing changes.
// sched_setattr(2).

// A short time slice: Linux 6.12 and later take the core away from a thread with a longer one as soon as this one wakes.
void wake_promptly();

// SCHED_BATCH with a long slice and a tenth of the weight: slowly on where others want every core, but on.
void give_way();

}  // namespace rescind

#endif  // RESCIND_MAIN_THREAD_SCHEDULING_H_
