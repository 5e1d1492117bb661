/* switch: a network of distance between two interfaces, for kernels without netem.
 *
 *   switch SIDE SIDE delay=MS [rate=MBIT] [loss=PERCENT] [queue=MS]
 *
 * Each direction by itself: a frame is lost with that probability, waits for the frames before it to leave at that rate, or is
 * dropped when they need longer than the queue, and arrives after that delay. Order is kept. Offloads of both interfaces must be off,
 * so that frames are what they would be on a wire. Prints "ready", and what was dropped when it is asked to end.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <arpa/inet.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <time.h>

enum { FRAME = 2048, WAITING = 16384, BATCH = 64 };

struct frame {
    uint64_t due; /* ns */
    int length;
    char bytes[FRAME];
};

struct direction {
    int from, to; /* packet sockets */
    uint64_t line_free; /* ns: when the last frame accepted has left */
    unsigned head, tail; /* of waiting, counted on */
    struct frame *waiting;
    unsigned long passed, lost, dropped;
};

static double delay_ms, rate_mbit, loss_percent, queue_ms = 50;
static volatile sig_atomic_t ended;

static void end(int signal) {
    (void)signal;
    ended = 1;
}

static uint64_t now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000000ull + t.tv_nsec;
}

static double chance(void) { /* xorshift: the same losses in every run of the same frames */
    static uint64_t state = 88172645463325252ull;
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (state >> 11) * (100.0 / 9007199254740992.0);
}

static void accept_frame(struct direction *d, struct frame *f, uint64_t t) {
    if (loss_percent > 0 && chance() < loss_percent) {
        d->lost++;
        return;
    }
    uint64_t start = d->line_free > t ? d->line_free : t;
    if (d->tail - d->head == WAITING || (rate_mbit > 0 && start - t > queue_ms * 1e6)) {
        d->dropped++;
        return;
    }
    d->line_free = rate_mbit > 0 ? start + (uint64_t)(f->length * 8000.0 / rate_mbit) : t;
    f->due = d->line_free + (uint64_t)(delay_ms * 1e6);
    d->tail++;
}

/* Receives into the place behind the last frame, which is that frame's if it is accepted. */
static void receive(struct direction *d) {
    static struct frame spare;
    for (int i = 0; i < 512; i++) {
        struct frame *f = d->tail - d->head == WAITING ? &spare : &d->waiting[d->tail % WAITING];
        f->length = recv(d->from, f->bytes, FRAME, MSG_DONTWAIT);
        if (f->length < 0) return;
        accept_frame(d, f, now());
    }
}

/* Sends what is due; returns when the next frame is, or 0. */
static uint64_t deliver(struct direction *d) {
    uint64_t t = now();
    while (d->head != d->tail && d->waiting[d->head % WAITING].due <= t) {
        struct mmsghdr messages[BATCH] = {0};
        struct iovec parts[BATCH];
        int count = 0;
        while (count < BATCH && d->head + count != d->tail && d->waiting[(d->head + count) % WAITING].due <= t) {
            struct frame *f = &d->waiting[(d->head + count) % WAITING];
            parts[count] = (struct iovec){f->bytes, f->length};
            messages[count].msg_hdr.msg_iov = &parts[count];
            messages[count++].msg_hdr.msg_iovlen = 1;
        }
        int sent = sendmmsg(d->to, messages, count, 0);
        if (sent < 1) {
            sent = 1;
            d->dropped++;
        }
        d->passed += sent;
        d->head += sent;
    }
    return d->head == d->tail ? 0 : d->waiting[d->head % WAITING].due;
}

static int open_side(const char *name) {
    int one = 1, much = 8 << 20, s = socket(AF_PACKET, SOCK_RAW, 0);
    struct sockaddr_ll address = {.sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ALL), .sll_ifindex = if_nametoindex(name)};
    struct packet_mreq everything = {.mr_ifindex = address.sll_ifindex, .mr_type = PACKET_MR_PROMISC};
    setsockopt(s, SOL_PACKET, 23 /* PACKET_IGNORE_OUTGOING */, &one, sizeof one);
    setsockopt(s, SOL_PACKET, PACKET_QDISC_BYPASS, &one, sizeof one);
    setsockopt(s, SOL_SOCKET, SO_SNDBUF, &much, sizeof much);
    if (setsockopt(s, SOL_SOCKET, SO_RCVBUFFORCE, &much, sizeof much)) setsockopt(s, SOL_SOCKET, SO_RCVBUF, &much, sizeof much);
    setsockopt(s, SOL_PACKET, PACKET_ADD_MEMBERSHIP, &everything, sizeof everything);
    if (s < 0 || !address.sll_ifindex || bind(s, (void *)&address, sizeof address)) {
        fprintf(stderr, "%s: %s\n", name, strerror(errno));
        exit(1);
    }
    return s;
}

static void read_option(const char *word) {
    if (sscanf(word, "delay=%lf", &delay_ms) + sscanf(word, "rate=%lf", &rate_mbit) + sscanf(word, "loss=%lf", &loss_percent)
            + sscanf(word, "queue=%lf", &queue_ms) < 1) {
        fprintf(stderr, "unknown: %s\n", word);
        exit(2);
    }
}

int main(int count, char **words) {
    if (count < 3) {
        fprintf(stderr, "usage: switch SIDE SIDE delay=MS [rate=MBIT] [loss=PERCENT] [queue=MS]\n");
        return 2;
    }
    for (int i = 3; i < count; i++) read_option(words[i]);
    struct sigaction action = {.sa_handler = end};
    sigaction(SIGTERM, &action, NULL);
    prctl(PR_SET_TIMERSLACK, 1000);
    int a = open_side(words[1]), b = open_side(words[2]);
    struct direction directions[2] = {{.from = a, .to = b}, {.from = b, .to = a}};
    for (int i = 0; i < 2; i++) directions[i].waiting = malloc(WAITING * sizeof(struct frame));
    printf("ready\n");
    fflush(stdout);
    while (!ended) {
        uint64_t next = 0;
        for (int i = 0; i < 2; i++) {
            receive(&directions[i]);
            uint64_t due = deliver(&directions[i]);
            if (due && (!next || due < next)) next = due;
        }
        uint64_t t = now(), left = next > t ? next - t : 0;
        struct timespec wait = {left / 1000000000, left % 1000000000};
        struct pollfd sides[2] = {{.fd = a, .events = POLLIN}, {.fd = b, .events = POLLIN}};
        ppoll(sides, 2, next ? &wait : NULL, NULL);
    }
    for (int i = 0; i < 2; i++) {
        fprintf(stderr, "%s to %s: %lu passed, %lu lost, %lu dropped\n", words[1 + i], words[2 - i], directions[i].passed, directions[i].lost,
                directions[i].dropped);
    }
    return 0;
}
