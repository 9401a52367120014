#include <libssh/libssh.h>
#include <libssh/server.h>
#include <libssh/callbacks.h>
#include <sys/eventfd.h>
#include <netinet/in.h>
#include <pthread.h>
#include <sys/socket.h>
#include <netinet/tcp.h>

// Behind _GNU_SOURCE, which Swift's Glibc module is not built with (accept(2), pthread_setname_np(3)).
int accept4(int socket, struct sockaddr *address, socklen_t *length, int flags);
int pthread_setname_np(pthread_t thread, const char *name);
