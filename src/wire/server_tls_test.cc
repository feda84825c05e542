// What holds over TLS as in the clear, and what is TLS's own.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <future>
#include <thread>

#include "base/clock.h"
#include "wire/server_fixture.h"
#include "wire/tls_client.h"

namespace rescind {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

class ServerTlsTest : public ServerTest {
 protected:
  ServerTlsTest() {
    std::signal(SIGPIPE, SIG_IGN);  // the client's writes; the server's raise none
    auto created = TlsContext::create(make_identity(1).view());
    if (created) tls_ = std::move(*created);
  }
};

TEST_F(ServerTlsTest, AnswersAndKeepsTheConnection) {
  start();
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    TlsClient client(port(), {.version = version});
    for (int i = 0; i < 3; ++i)
      EXPECT_THAT(client.ask(get("/" + std::to_string(i))), EndsWith("GET /" + std::to_string(i) + "? "));
    EXPECT_THAT(client.ask(get("/slow", "X-Echo: z\r\n")), EndsWith("GET /slow?  z"));
    EXPECT_THAT(client.ask(get("/peer")), EndsWith("127.0.0.1"));
  }
}

TEST_F(ServerTlsTest, PipelinedRequestsAreAnsweredInOrder) {
  start({.requests_per_batch = 7});
  TlsClient client(port());
  std::string all;
  for (int i = 0; i < 100; ++i) all += i % 33 == 5 ? get("/slow/" + std::to_string(i)) : post("/" + std::to_string(i), "x");
  client.send(all);
  for (int i = 0; i < 100; ++i) EXPECT_THAT(client.read_answer(), HasSubstr("/" + std::to_string(i) + "? ")) << i;
}

TEST_F(ServerTlsTest, RequestsArriveByteByByte) {
  start();
  TlsClient client(port());
  for (const char c : post("/bytes", "body") + get("/next")) client.send({&c, 1});
  EXPECT_THAT(client.read_answer(), EndsWith("POST /bytes? body"));
  EXPECT_THAT(client.read_answer(), EndsWith("GET /next? "));
}

// More than a record and more than the buffer: what OpenSSL holds back makes no edge.
TEST_F(ServerTlsTest, LargeBodiesArriveWhole) {
  start();
  TlsClient client(port());
  const std::string body(64 * 1024, 'b');
  for (int i = 0; i < 3; ++i) {
    EXPECT_THAT(client.ask(post("/large", body)), EndsWith("POST /large? " + body));
    EXPECT_THAT(client.ask(post("/slow/large", body)), EndsWith("POST /slow/large? " + body));
  }
}

TEST_F(ServerTlsTest, LargeAnswersReachASlowReader) {
  start();
  TlsClient client(port(), {.receive_buffer = 4096});
  for (int i = 0; i < 3; ++i) client.send(get("/big"));
  for (int i = 0; i < 3; ++i) {
    std::this_thread::sleep_for(300ms);
    EXPECT_THAT(client.read_answer(), EndsWith("\r\n\r\n" + std::string(4'000'000, 'x')));
  }
  EXPECT_THAT(client.ask(get("/after")), EndsWith("GET /after? "));
}

TEST_F(ServerTlsTest, ReaderThatTakesNothingIsDropped) {
  start({.write_timeout = 1s});
  TlsClient client(port(), {.receive_buffer = 4096});
  for (int i = 0; i < 16; ++i) client.send(get("/big"));
  EXPECT_TRUE(metric_becomes("rescind_wire_errors_total{reason=\"write_timeout\"} 1"));
  EXPECT_TRUE(metric_becomes("rescind_connections_open 0"));
}

TEST_F(ServerTlsTest, ClientThatHasSaidCloseNotifyStillGetsItsAnswers) {
  start();
  TlsClient client(port());
  client.send(get("/one") + get("/slow/two"));
  client.finish_sending();
  const std::string answers = client.read_to_end();
  EXPECT_THAT(answers, HasSubstr("GET /one? "));
  EXPECT_THAT(answers, EndsWith("GET /slow/two? "));
}

TEST_F(ServerTlsTest, ConnectionThatTheClientHasLeftIsClosedAtOnce) {
  start();
  for (const std::string& sent : {std::string(), get("/"), get("/slow"), std::string("GET /half")}) {
    { TlsClient(port()).send(sent); }
    EXPECT_TRUE(metric_becomes("rescind_connections_open 0")) << sent;
  }
  EXPECT_TRUE(metric_becomes("rescind_wire_errors_total{reason=\"tls_handshake\"} 0"));
}

TEST_F(ServerTlsTest, EndIsToldByCloseNotify) {
  start();
  TlsClient client(port());
  client.ask(get("/", "Connection: close\r\n"));
  EXPECT_TRUE(client.is_closed());
  EXPECT_TRUE(client.was_told_of_the_end());
}

TEST_F(ServerTlsTest, RefusalReachesAClientThatIsStillSending) {
  start();
  TlsClient client(port());
  client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3000000\r\n\r\n");
  for (int i = 0; i < 10; ++i) {
    EXPECT_TRUE(client.send(std::string(300'000, 'x')));
    std::this_thread::sleep_for(20ms);
  }
  EXPECT_THAT(client.read_to_end(), StartsWith("HTTP/1.1 413 "));
}

// Threat: connections that are held open by a handshake that never comes, or never ends.
TEST_F(ServerTlsTest, SlowHandshakeIsEndedByTheHeadTimeout) {
  start({.head_timeout = 1s, .idle_timeout = 60s});
  LoopbackClient silent(port());
  LoopbackClient dripping(port());
  dripping.send({"\x16\x03\x01\x02\x00\x01\x00", 7});
  std::jthread drip([&](const std::stop_token& stop) {
    while (!stop.stop_requested() && dripping.send("x")) std::this_thread::sleep_for(100ms);
  });
  EXPECT_LT(time_of([&] { EXPECT_TRUE(silent.is_closed()); }), 10s);
  EXPECT_TRUE(metric_becomes("rescind_wire_errors_total{reason=\"tls_handshake\"} 2"));
  EXPECT_TRUE(metric_becomes("rescind_connections_open 0"));
}

// The server's part of it waits for room like any other answer.
TEST_F(ServerTlsTest, HandshakeLargerThanTheSocketsBufferGoesOn) {
  start({.head_timeout = 60s});  // thousands of certificates take the client long where it runs under a sanitizer
  const TestIdentity identity = make_identity(2);
  std::string chain;
  for (int i = 0; i < 12'000; ++i) chain += identity.certificate;
  ASSERT_TRUE(tls_->replace({chain, identity.key}));
  TlsClient client(port(), {.receive_buffer = 4096, .pause = 1s});  // by then the server waits
  EXPECT_TRUE(client.shook_hands()) << client.alert();
  EXPECT_THAT(client.ask(get("/after")), EndsWith("GET /after? "));
}

TEST_F(ServerTlsTest, HandshakeWithoutARequestIsAnIdleConnection) {
  start({.head_timeout = 1s, .idle_timeout = 3s});
  TlsClient late(port());
  TlsClient silent(port());
  std::this_thread::sleep_for(2s);
  EXPECT_THAT(late.ask(get("/late")), EndsWith("GET /late? "));
  EXPECT_TRUE(silent.is_closed());
  EXPECT_TRUE(silent.was_told_of_the_end());
}

TEST_F(ServerTlsTest, SlowHeadIsTimedOut) {
  start({.head_timeout = 1s});
  TlsClient client(port());
  client.send("GET / HTTP/1.1\r\nHost: a\r\n");
  EXPECT_THAT(client.read_answer(), StartsWith("HTTP/1.1 408 "));
  EXPECT_TRUE(client.is_closed());
}

TEST_F(ServerTlsTest, ConnectionsBeforeTheirHandshakeCountForTheLimit) {
  start({.connections = 2});
  LoopbackClient first(port());
  LoopbackClient second(port());
  EXPECT_TRUE(metric_becomes("rescind_connections_open 2"));
  EXPECT_TRUE(LoopbackClient(port()).is_closed());
}

TEST_F(ServerTlsTest, PlainHttpIsNotAnswered) {
  start();
  LoopbackClient client(port());
  client.send(get("/"));
  EXPECT_THAT(client.read_to_end(), Not(HasSubstr("HTTP")));
  EXPECT_TRUE(metric_becomes("rescind_wire_errors_total{reason=\"tls_handshake\"} 1"));
}

TEST_F(ServerTlsTest, VersionsBefore12AreRefused) {
  start();
  for (const int version : {TLS1_VERSION, TLS1_1_VERSION}) {
    const TlsClient client(port(), {.version = version});
    EXPECT_FALSE(client.shook_hands());
    EXPECT_THAT(client.alert(), HasSubstr("alert protocol version"));
  }
}

TEST_F(ServerTlsTest, ProtocolsOtherThanHttp1AreRefused) {
  start();
  EXPECT_EQ(TlsClient(port(), {.alpn = "\x02h2\x08http/1.1"}).protocol(), "http/1.1");
  const TlsClient client(port(), {.alpn = "\x02h2\x03"
                                          "ftp"});
  EXPECT_FALSE(client.shook_hands());
  EXPECT_THAT(client.alert(), HasSubstr("no application protocol"));
}

TEST_F(ServerTlsTest, RenegotiationIsRefused) {
  start();
  TlsClient client(port(), {.version = TLS1_2_VERSION});
  client.ask(get("/"));
  SSL_renegotiate(client.ssl());
  EXPECT_NE(SSL_do_handshake(client.ssl()), 1);
}

// Nothing but messages of TLS's own, without end: others are served on the same thread.
TEST_F(ServerTlsTest, KeyUpdatesDoNotTakeTheThread) {
  start({.idle_timeout = std::chrono::hours(1)}, 1);  // no request meanwhile, and sanitizers take their time
  TlsClient busy(port());
  std::jthread updating([&](const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      SSL_key_update(busy.ssl(), SSL_KEY_UPDATE_NOT_REQUESTED);
      if (SSL_do_handshake(busy.ssl()) != 1) return;
    }
  });
  for (int i = 0; i < 20; ++i) EXPECT_THAT(TlsClient(port()).ask(get("/other")), EndsWith("GET /other? "));
  updating.request_stop();
  updating.join();
  EXPECT_THAT(busy.ask(get("/after")), EndsWith("GET /after? "));
}

TEST_F(ServerTlsTest, NewConnectionsGetTheNewCertificateAndOldOnesGoOn) {
  start();
  TlsClient before(port());
  before.ask(get("/"));
  ASSERT_TRUE(tls_->replace(make_identity(2).view()));
  TlsClient after(port());
  EXPECT_EQ(before.serial(), 1);
  EXPECT_EQ(after.serial(), 2);
  EXPECT_THAT(before.ask(get("/still")), EndsWith("GET /still? "));
  EXPECT_THAT(after.ask(get("/new")), EndsWith("GET /new? "));
}

TEST_F(ServerTlsTest, BadIdentityChangesNothing) {
  start();
  EXPECT_FALSE(tls_->replace({make_identity(2).certificate, make_identity(3).key}));
  EXPECT_EQ(TlsClient(port()).serial(), 1);
}

// A stolen ticket key must not outlive the certificate it came with.
TEST_F(ServerTlsTest, SessionsAreResumedUntilTheIdentityIsReplaced) {
  start();
  TlsClient first(port(), {.version = TLS1_2_VERSION});
  first.ask(get("/"));
  EXPECT_TRUE(
      SSL_session_reused(TlsClient(port(), {.version = TLS1_2_VERSION, .session = SSL_get0_session(first.ssl())}).ssl()));
  ASSERT_TRUE(tls_->replace(make_identity(2).view()));
  TlsClient after(port(), {.version = TLS1_2_VERSION, .session = SSL_get0_session(first.ssl())});
  EXPECT_TRUE(after.shook_hands());
  EXPECT_FALSE(SSL_session_reused(after.ssl()));
}

TEST_F(ServerTlsTest, StopEndsIdleAndHandshakingConnectionsAtOnce) {
  start();
  LoopbackClient handshaking(port());
  TlsClient used(port());
  used.ask(get("/"));
  EXPECT_LT(time_of([&] { server_->stop(10s); }), 2s);
  EXPECT_TRUE(handshaking.is_closed());
  EXPECT_TRUE(used.is_closed());
}

TEST_F(ServerTlsTest, ManyClientsAreAllAnsweredRight) {
  start();
  std::atomic<int> right{0};
  std::vector<std::jthread> clients;
  for (int c = 0; c < 64; ++c) {
    clients.emplace_back([&, c] {
      for (int i = 0; i < 4; ++i) {
        TlsClient client(port(), {.version = i % 2 == 0 ? TLS1_2_VERSION : TLS1_3_VERSION});
        const std::string path = "/" + std::to_string(c) + "/" + std::to_string(i);
        for (int n = 0; n < 10; ++n) right += client.ask(post(path, path)).find(" " + path + "? ") != std::string::npos;
      }
    });
  }
  clients.clear();
  EXPECT_EQ(right, 64 * 4 * 10);
}

TEST(TlsContext, TellsWhatIsWrongWithAnIdentity) {
  const TestIdentity good = make_identity(1);
  const TestIdentity weak = make_identity(1, EVP_RSA_gen(1024));
  const struct {
    std::string certificates, key, problem;
  } cases[] = {
      {"", good.key, "no PEM certificate"},
      {good.key, good.key, "no PEM certificate"},
      {good.certificate, "", "no PEM private key"},
      {good.certificate, good.certificate, "no PEM private key"},
      {good.certificate, good.encrypted_key, "has a passphrase"},
      {good.certificate, make_identity(1).key, "the private key is not the certificate's"},
      {good.certificate.substr(0, good.certificate.size() / 2), good.key, "no PEM certificate"},
      {good.certificate + good.certificate.substr(0, good.certificate.size() / 2), good.key, "of the chain cannot be read"},
      {weak.certificate, weak.key, "ee key too small"},
  };
  for (const auto& [certificates, key, problem] : cases) {
    const auto created = TlsContext::create({certificates, key});
    ASSERT_FALSE(created) << problem;
    EXPECT_THAT(created.error().message, HasSubstr(problem));
    EXPECT_THAT(created.error().message, Not(HasSubstr("PRIVATE KEY")));
  }
  EXPECT_TRUE(TlsContext::create({good.certificate + make_identity(2).certificate, good.key}));
}

TEST(TlsContext, TellsForWhichNamesTheCertificateIs) {
  const auto created = TlsContext::create(make_identity(1).view());
  ASSERT_TRUE(created);
  EXPECT_TRUE((*created)->is_for("localhost"));
  for (const char* other : {"localhost.example", "example", "127.0.0.1", "[::1]", ""})
    EXPECT_FALSE((*created)->is_for(other)) << other;
}

TEST(TlsContext, TellsWhenTheCertificateEnds) {
  const auto created = TlsContext::create(make_identity(1).view());
  ASSERT_TRUE(created);
  const auto left = (*created)->expires() - SystemClock().wall_now();
  EXPECT_GT(left, 23h);
  EXPECT_LE(left, 24h);
}

}  // namespace
}  // namespace rescind
