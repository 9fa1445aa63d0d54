// Preloaded into a dynamically linked program: its wall clock is WALL_CLOCK_OFFSET seconds off, and every other clock is right.
// (faketime(1) moves more than that, and the framework's timed waits then spin.)
#define _GNU_SOURCE
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

int clock_gettime(clockid_t clock, struct timespec *time)
{
    int result = (int)syscall(SYS_clock_gettime, clock, time);
    const char *offset = getenv("WALL_CLOCK_OFFSET");
    if (result == 0 && offset && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) time->tv_sec += atol(offset);
    return result;
}
