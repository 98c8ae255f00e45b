/* The load generator: one thread, one epoll, N connections, one request in flight on each.

   load host=127.0.0.1 port=8000 connections=16 warmup=0.2 seconds=1 [close=1] [once=1]
        [vary=OFFSET] [expect=HEX] [pattern=1]          request bytes on standard input

   close    a new connection for each request; it ends when the server closes it
   once     one request on each connection, all sent at the same moment; ends with the last answer
   vary     the 16 bytes at OFFSET of the request become a number that never comes again
   expect   the whole body, byte for byte; pattern: byte i of the body is (i ^ i >> 8) & 255
   Prints "measuring" and "measured" where the measured time begins and ends, then one line of JSON.
   Every response is parsed (status, Content-Length or chunks) and compared, none is assumed:
   this costs under a microsecond beside 5 to 10 for the system calls. load_python.py speaks the same. */

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { HEAD_MAX = 16384, BUFFER = 1 << 20, VARY_DIGITS = 16, EVENTS = 512 };
enum chunk_state { NOT_CHUNKED, SIZE, DATA, DATA_END, TRAILER };

struct conn {
    int fd;
    int started, head_done, complete, broken, close_after;
    uint64_t start_ns, body_at, left;
    enum chunk_state chunk;
    size_t chunk_line, head_len;
    char head[HEAD_MAX];
};

static struct { char host[64]; int port, connections, close, once, pattern; long vary;
                double warmup, seconds; } opt = {"127.0.0.1", 8000, 16, 0, 0, 0, -1, 0.2, 1.0};
static char request[65536], expect[65536], *buffer;
static size_t request_len, expect_len;
static int have_expect, epoll_fd, measuring, once_left;
static uint32_t *times;
static size_t times_n, times_cap;
static uint64_t requests, bytes, wrong, dropped, refused, reopened, serial;

static uint64_t now_ns(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static void die(const char *what) {
    fprintf(stderr, "load: %s: %s\n", what, strerror(errno));
    exit(1);
}

static void open_conn(struct conn *c) {
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)opt.port)};
    int on = 1;
    if (inet_pton(AF_INET, opt.host, &to.sin_addr) != 1) die("host must be a numeric IPv4 address");
    for (;;) {
        c->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (c->fd < 0) die("socket");
        if (connect(c->fd, (struct sockaddr *)&to, sizeof to) == 0) break;
        close(c->fd);
        if (++refused > 1000) die("connect, more than 1000 times");
        usleep(1000);
    }
    setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    struct epoll_event e = {.events = EPOLLIN, .data.ptr = c};
    if (epoll_ctl(epoll_fd, EPOLL_CTL_ADD, c->fd, &e)) die("epoll_ctl");
}

static void start_request(struct conn *c) {
    if (opt.vary >= 0) {
        /* The low digits come last so that two requests in a row differ near the end too. */
        char digits[VARY_DIGITS + 1];
        snprintf(digits, sizeof digits, "%0*llx", VARY_DIGITS, (unsigned long long)serial++);
        memcpy(request + opt.vary, digits, VARY_DIGITS);
    }
    c->started = 1;
    c->head_done = c->complete = c->broken = c->close_after = 0;
    c->head_len = c->chunk_line = 0;
    c->body_at = c->left = 0;
    c->chunk = NOT_CHUNKED;
    c->start_ns = now_ns();
    ssize_t n = send(c->fd, request, request_len, MSG_NOSIGNAL);
    if (n != (ssize_t)request_len) c->broken = 1; /* the read that follows finds the end */
}

static void reopen(struct conn *c) {
    close(c->fd);
    open_conn(c);
    start_request(c);
}

static void record(struct conn *c) {
    c->started = 0;
    if (!measuring) return;
    uint64_t took = now_ns() - c->start_ns;
    if (times_n == times_cap) {
        times_cap = times_cap ? times_cap * 2 : 1 << 16;
        times = realloc(times, times_cap * sizeof *times);
        if (!times) die("realloc");
    }
    times[times_n++] = took > UINT32_MAX ? UINT32_MAX : (uint32_t)took;
    requests++;
}

/* True when these body bytes, at c->body_at, are what they should be. */
static int body_matches(const struct conn *c, const char *p, size_t n) {
    if (have_expect)
        return c->body_at + n <= expect_len && !memcmp(expect + c->body_at, p, n);
    if (opt.pattern && n) {
        uint64_t a = c->body_at, z = c->body_at + n - 1;
        return (uint8_t)p[0] == ((a ^ a >> 8) & 255) && (uint8_t)p[n - 1] == ((z ^ z >> 8) & 255);
    }
    return 1;
}

/* Take up to n bytes as body. Returns how many were taken. */
static size_t take_body(struct conn *c, const char *p, size_t n) {
    if (n > c->left) n = c->left;
    if (!body_matches(c, p, n)) c->broken = 1;
    c->body_at += n;
    c->left -= n;
    return n;
}

static void take_chunked(struct conn *c, const char *p, size_t n) {
    while (n && !c->complete && !c->broken) {
        if (c->chunk == DATA) {
            size_t took = take_body(c, p, n);
            p += took, n -= took;
            if (!c->left) c->chunk = DATA_END;
            continue;
        }
        char b = *p++;
        n--;
        if (b != '\n') {
            if (b == '\r') continue;
            int digit = b >= '0' && b <= '9' ? b - '0' : (b | 32) >= 'a' && (b | 32) <= 'f' ? (b | 32) - 'a' + 10 : -1;
            if (c->chunk != SIZE || digit < 0) c->broken = 1;
            c->left = c->left * 16 + (uint64_t)digit;
            c->chunk_line++;
        } else if (c->chunk == DATA_END) {
            c->chunk = SIZE, c->left = 0, c->chunk_line = 0;
        } else if (c->chunk == TRAILER) {
            c->complete = 1;
        } else if (!c->chunk_line) {
            c->broken = 1;
        } else {
            c->chunk = c->left ? DATA : TRAILER;
        }
    }
    if (n) c->broken = 1;
}

static char *field(char *head, const char *name) {
    char *at = strcasestr(head, name);
    return at ? at + strlen(name) : NULL;
}

/* Read the head that ends at `length` bytes; the body's framing goes into c. */
static void parse_head(struct conn *c, char *head, size_t length) {
    char saved = head[length - 1], *value;
    head[length - 1] = 0;
    c->head_done = 1;
    if (length < 15 || memcmp(head, "HTTP/1.", 7) || memcmp(head + 8, " 200", 4)) c->broken = 1;
    if ((value = field(head, "\r\nconnection: close"))) c->close_after = 1;
    if ((value = field(head, "\r\ncontent-length:"))) c->left = strtoull(value, NULL, 10);
    else if (field(head, "\r\ntransfer-encoding: chunked")) c->chunk = SIZE;
    else c->left = UINT64_MAX; /* until the server closes */
    head[length - 1] = saved;
}

static void consume(struct conn *c, char *p, size_t n) {
    bytes += measuring ? n : 0;
    if (!c->started || c->complete) { c->broken = 1; return; }
    if (!c->head_done) {
        char *end = c->head_len ? NULL : memmem(p, n, "\r\n\r\n", 4);
        if (end) {
            parse_head(c, p, (size_t)(end + 4 - p));
            n -= (size_t)(end + 4 - p), p = end + 4;
        } else {
            /* A head in pieces: gather it, then go on with what follows it. */
            size_t before = c->head_len, take = n < HEAD_MAX - before ? n : HEAD_MAX - before;
            memcpy(c->head + before, p, take);
            c->head_len += take;
            if (!(end = memmem(c->head, c->head_len, "\r\n\r\n", 4))) {
                c->broken |= c->head_len == HEAD_MAX;
                return;
            }
            size_t length = (size_t)(end + 4 - c->head);
            parse_head(c, c->head, length);
            p += length - before, n -= length - before;
        }
    }
    if (c->chunk != NOT_CHUNKED) {
        take_chunked(c, p, n);
    } else {
        if (take_body(c, p, n) < n) c->broken = 1; /* more than Content-Length */
        c->complete |= c->left == 0;
    }
    if (c->complete && have_expect && c->body_at != expect_len) c->broken = 1;
}

static void finish(struct conn *c, int at_end) {
    if (c->broken) wrong += measuring;
    else record(c);
    if (opt.once) { c->started = 0; once_left--; epoll_ctl(epoll_fd, EPOLL_CTL_DEL, c->fd, NULL); return; }
    if (at_end || c->broken || c->close_after) {
        if (!opt.close) reopened += measuring;
        reopen(c);
    } else {
        start_request(c);
    }
}

static void ready(struct conn *c) {
    ssize_t n = recv(c->fd, buffer, BUFFER, MSG_DONTWAIT);
    if (n < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (n > 0) {
        consume(c, buffer, (size_t)n);
        if (c->broken || (c->complete && !opt.close)) finish(c, 0);
        return;
    }
    /* The end of the connection: right after a whole response or a body without a length. */
    int until_close = n == 0 && c->head_done && c->left > UINT64_MAX / 2 && c->chunk == NOT_CHUNKED;
    if (n == 0 && (until_close || (c->complete && opt.close)) && !c->broken) {
        if (have_expect && c->body_at != expect_len) c->broken = 1;
        finish(c, 1);
        return;
    }
    dropped += measuring;
    if (opt.once) { c->broken = 1; finish(c, 1); } else reopen(c);
}

static int by_size(const void *a, const void *b) {
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

static double at_ms(double part) {
    return times_n ? times[(size_t)(part * (double)(times_n - 1) + 0.5)] / 1e6 : 0;
}

static void run(struct conn *conns) {
    uint64_t from = now_ns(), warm = from + (uint64_t)(opt.warmup * 1e9);
    uint64_t until = warm + (uint64_t)(opt.seconds * 1e9);
    struct epoll_event events[EVENTS];
    if (opt.once || opt.warmup <= 0) { measuring = 1; puts("measuring"); fflush(stdout); from = now_ns(); }
    for (int i = 0; i < opt.connections; i++) start_request(&conns[i]);
    for (once_left = opt.connections;;) {
        uint64_t t = now_ns();
        if (!measuring && t >= warm) {
            measuring = 1;
            puts("measuring");
            fflush(stdout);
            from = now_ns();
            until = from + (uint64_t)(opt.seconds * 1e9);
        }
        /* A slow server's last answers count: measure until one comes after the time is up. */
        if (t >= until || (opt.once && !once_left)) break;
        int wait = (int)(((measuring ? until : warm) - t) / 1000000) + 1;
        int n = epoll_wait(epoll_fd, events, EVENTS, wait);
        for (int i = 0; i < n; i++) ready(events[i].data.ptr);
    }
    double seconds = (double)(now_ns() - from) / 1e9;
    puts("measured");
    fflush(stdout);
    qsort(times, times_n, sizeof *times, by_size);
    struct rusage self;
    getrusage(RUSAGE_SELF, &self);
    printf("{\"seconds\": %.6f, \"requests\": %llu, \"bytes\": %llu, \"wrong\": %llu, \"dropped\": %llu, "
           "\"refused\": %llu, \"reopened\": %llu, \"unanswered\": %d, \"p50_ms\": %.4f, \"p90_ms\": %.4f, "
           "\"p99_ms\": %.4f, \"max_ms\": %.4f, \"cpu\": %.4f}\n", seconds, (unsigned long long)requests,
           (unsigned long long)bytes, (unsigned long long)wrong, (unsigned long long)dropped,
           (unsigned long long)refused, (unsigned long long)reopened, opt.once ? once_left : 0,
           at_ms(0.5), at_ms(0.9), at_ms(0.99), at_ms(1),
           (double)(self.ru_utime.tv_sec + self.ru_stime.tv_sec) + (double)(self.ru_utime.tv_usec + self.ru_stime.tv_usec) / 1e6);
}

static void option(char *arg) {
    char *value = strchr(arg, '=');
    if (!value) { fprintf(stderr, "load: options are name=value, not '%s'\n", arg); exit(2); }
    *value++ = 0;
    if (!strcmp(arg, "host")) snprintf(opt.host, sizeof opt.host, "%s", value);
    else if (!strcmp(arg, "port")) opt.port = atoi(value);
    else if (!strcmp(arg, "connections")) opt.connections = atoi(value);
    else if (!strcmp(arg, "warmup")) opt.warmup = atof(value);
    else if (!strcmp(arg, "seconds")) opt.seconds = atof(value);
    else if (!strcmp(arg, "close")) opt.close = atoi(value);
    else if (!strcmp(arg, "once")) opt.once = atoi(value);
    else if (!strcmp(arg, "pattern")) opt.pattern = atoi(value);
    else if (!strcmp(arg, "vary")) opt.vary = atol(value);
    else if (!strcmp(arg, "expect")) {
        have_expect = 1;
        for (; value[0] && value[1] && expect_len < sizeof expect; value += 2) {
            unsigned byte;
            if (sscanf(value, "%2x", &byte) != 1) break;
            expect[expect_len++] = (char)byte;
        }
    } else { fprintf(stderr, "load: unknown option '%s'\n", arg); exit(2); }
}

int main(int argc, char **argv) {
    for (int i = 1; i < argc; i++) option(argv[i]);
    request_len = fread(request, 1, sizeof request, stdin);
    if (!request_len || opt.connections < 1) { fputs("load: no request on standard input\n", stderr); return 2; }
    if (opt.vary >= 0 && (size_t)opt.vary + VARY_DIGITS > request_len) { fputs("load: vary is past the request\n", stderr); return 2; }
    serial = (now_ns() << 20) & 0x7fffffffffffffffu; /* two runs never send the same number */
    buffer = malloc(BUFFER);
    struct conn *conns = calloc((size_t)opt.connections, sizeof *conns);
    epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    if (!buffer || !conns || epoll_fd < 0) die("start");
    for (int i = 0; i < opt.connections; i++) open_conn(&conns[i]);
    run(conns);
    return 0;
}
