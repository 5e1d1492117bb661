/* load: the load that every comparison uses, whoever carries the bytes.
 * PORT is one of loopback, or ADDRESS:PORT (IPv4).
 *
 * services:  load echo PORT | sink PORT | source PORT
 * clients:   load push PORT BYTES          sends, waits until the sink has counted every byte
 *            load pull PORT BYTES          receives from the source, counts
 *            load pingpong PORT N SIZE     round trips of one connection
 *            load setups PORT N THREADS    connect, one byte there and back, close
 *            load idle PORT N SECONDS      N connections that have exchanged a byte and then are silent
 *                                      (or as many as were answered before the first that was not)
 * A client that misses a byte prints LOST and fails.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum service { ECHO, SINK, SOURCE };
static enum service service;
static const int one = 1;

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec + t.tv_nsec / 1e9;
}

static struct sockaddr_in address; /* the service's */

static int set_address(char *words) {
    char *colon = strchr(words, ':');
    address = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons(atoi(colon ? colon + 1 : words))};
    if (colon) *colon = 0;
    return inet_pton(AF_INET, colon ? words : "127.0.0.1", &address.sin_addr) == 1;
}

static struct timeval patience = {20, 0}; /* then a read fails */

/* Returns -1 when nobody accepts. */
static int dial(void) {
    int s = socket(AF_INET, SOCK_STREAM, 0);
    setsockopt(s, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    setsockopt(s, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    if (connect(s, (void *)&address, sizeof address)) {
        close(s);
        return -1;
    }
    return s;
}

static int write_all(int s, const char *bytes, size_t count) {
    while (count > 0) {
        ssize_t n = write(s, bytes, count);
        if (n <= 0) return -1;
        bytes += n;
        count -= n;
    }
    return 0;
}

static int read_all(int s, char *bytes, size_t count) {
    while (count > 0) {
        ssize_t n = read(s, bytes, count);
        if (n <= 0) return -1;
        bytes += n;
        count -= n;
    }
    return 0;
}

/* ---- services */

static void *serve(void *argument) {
    static __thread char bytes[262144];
    int c = (int)(long)argument;
    unsigned long long want, total = 0;
    ssize_t n;
    setsockopt(c, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    if (service == ECHO) {
        while ((n = read(c, bytes, sizeof bytes)) > 0 && write_all(c, bytes, n) == 0) {}
    } else if (read_all(c, (char *)&want, sizeof want) == 0) {
        if (service == SINK) {
            while (total < want && (n = read(c, bytes, sizeof bytes)) > 0) total += n;
            write_all(c, total == want ? "k" : "x", 1);
        } else {
            while (total < want) {
                size_t part = want - total < sizeof bytes ? want - total : sizeof bytes;
                if ((n = write(c, bytes, part)) <= 0) break;
                total += n;
            }
        }
        /* the client ends it: over QUIC, Kubo takes the end of the service for the end of what it said before, too */
        if (read(c, bytes, 1) < 0) perror("load");
    }
    close(c);
    return NULL;
}

static int run_service(void) {
    int s = socket(AF_INET, SOCK_STREAM, 0);
    pthread_attr_t detached;
    pthread_attr_init(&detached);
    pthread_attr_setdetachstate(&detached, PTHREAD_CREATE_DETACHED);
    pthread_attr_setstacksize(&detached, 1 << 20);
    setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (bind(s, (void *)&address, sizeof address) || listen(s, 4096)) {
        perror("bind");
        return 1;
    }
    for (;;) {
        pthread_t thread;
        int c = accept(s, NULL, NULL);
        if (c >= 0 && pthread_create(&thread, &detached, serve, (void *)(long)c)) close(c);
    }
}

/* ---- clients */

static int lost(unsigned long long at) {
    printf("LOST at %llu\n", at);
    return 1;
}

static int transfer(unsigned long long want, int push) {
    static char bytes[262144];
    unsigned long long total = 0;
    double start = now();
    int s = dial();
    if (s < 0 || write_all(s, (char *)&want, sizeof want)) return lost(0);
    while (total < want) {
        size_t part = want - total < sizeof bytes ? want - total : sizeof bytes;
        ssize_t n = push ? write(s, bytes, part) : read(s, bytes, sizeof bytes);
        if (n <= 0) return lost(total);
        total += n;
    }
    if (push && (read_all(s, bytes, 1) || bytes[0] != 'k')) return lost(total);
    printf("MB/s %.2f\n", want / (now() - start) / 1e6);
    close(s);
    return 0;
}

static int ascending(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

static int pingpong(int count, int size) {
    double *times = malloc(count * sizeof *times);
    char *bytes = calloc(1, size);
    int s = dial();
    for (int i = -200; i < count; i++) { /* the first 200 are not counted */
        double start = now();
        if (s < 0 || write_all(s, bytes, size) || read_all(s, bytes, size)) return lost(0);
        if (i >= 0) times[i] = now() - start;
    }
    qsort(times, count, sizeof *times, ascending);
    printf("rtt_us p50 %.1f p90 %.1f p99 %.1f\n", times[count / 2] * 1e6, times[count * 9 / 10] * 1e6, times[count * 99 / 100] * 1e6);
    return 0;
}

static struct {
    pthread_mutex_t lock;
    int count, next, good;
    double *times;
} setups = {.lock = PTHREAD_MUTEX_INITIALIZER};

static void *set_up(void *unused) {
    (void)unused;
    for (;;) {
        pthread_mutex_lock(&setups.lock);
        int i = setups.next < setups.count ? setups.next++ : -1;
        pthread_mutex_unlock(&setups.lock);
        if (i < 0) return NULL;
        double start = now();
        char byte = 'a';
        int s = dial();
        int good = s >= 0 && write_all(s, &byte, 1) == 0 && read_all(s, &byte, 1) == 0;
        if (s >= 0) close(s);
        setups.times[i] = now() - start;
        pthread_mutex_lock(&setups.lock);
        setups.good += good;
        pthread_mutex_unlock(&setups.lock);
    }
}

static int run_setups(int count, int threads) {
    pthread_t thread[256];
    double start = now();
    if (threads > 256) return 2;
    setups.count = count;
    setups.times = calloc(count, sizeof *setups.times);
    for (int i = 0; i < threads; i++) pthread_create(&thread[i], NULL, set_up, NULL);
    for (int i = 0; i < threads; i++) pthread_join(thread[i], NULL);
    double took = now() - start;
    qsort(setups.times, count, sizeof *setups.times, ascending);
    printf("setups/s %.0f p50_us %.0f p99_us %.0f ok %d bad %d\n", count / took, setups.times[count / 2] * 1e6,
           setups.times[count * 99 / 100] * 1e6, setups.good, count - setups.good);
    return setups.good == count ? 0 : 1;
}

static int idle(int count, int seconds) {
    int open = 0;
    while (open < count) {
        char byte = 'a';
        int s = dial();
        if (s < 0 || write_all(s, &byte, 1) || read_all(s, &byte, 1)) break;
        open++;
    }
    printf("open %d\n", open);
    fflush(stdout);
    sleep(seconds);
    return open == count ? 0 : 1;
}

int main(int count, char **words) {
    const char *mode = count > 2 ? words[1] : "";
    int third = count > 3 ? atoi(words[3]) : 0, fourth = count > 4 ? atoi(words[4]) : 0;
    signal(SIGPIPE, SIG_IGN);
    if (count > 2 && !set_address(words[2])) mode = "";
    if (!strcmp(mode, "echo")) return service = ECHO, run_service();
    if (!strcmp(mode, "sink")) return service = SINK, run_service();
    if (!strcmp(mode, "source")) return service = SOURCE, run_service();
    if (!strcmp(mode, "push") && count > 3) return transfer(strtoull(words[3], NULL, 10), 1);
    if (!strcmp(mode, "pull") && count > 3) return transfer(strtoull(words[3], NULL, 10), 0);
    if (!strcmp(mode, "pingpong") && count > 4) return pingpong(third, fourth);
    if (!strcmp(mode, "setups") && count > 4) return run_setups(third, fourth);
    if (!strcmp(mode, "idle") && count > 4) return idle(third, fourth);
    fprintf(stderr, "usage: load echo|sink|source PORT, load push|pull PORT BYTES, load pingpong PORT N SIZE, load setups PORT N THREADS, load idle PORT N SECONDS\n");
    return 2;
}
